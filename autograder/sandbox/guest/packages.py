"""Names of well-known packages, to tell a missing package from a misspelt name."""

from __future__ import annotations

import difflib
import sys

__all__ = ["is_absent", "is_unknown", "remark"]

_PACKAGES = """
IPython Levenshtein PIL aiohttp albumentations alive_progress altair attr attrs autograd
autograder beartype bokeh bottleneck bs4 catboost chainer click cupy cv2 cvxpy cycler cython dask
datasets dateutil diffrax django einops equinox evaluate fastai fastapi fastcore fastprogress
flask flax gensim google graphviz gym gymnasium h5py haiku holoviews httpx hypothesis imageio
ipykernel ipyparallel ipywidgets jax jaxlib jaxtyping joblib jupyter jupytext kaggle keras
lightgbm lightning line_profiler llvmlite lxml matplotlib memory_profiler missingno mlflow
mpl_toolkits mpmath msgpack mxnet nbformat nbgrader nest_asyncio networkx nltk notebook numba
numdifftools numexpr numpy onnx openai openpyxl optax optuna packaging pandas papermill patsy pip
plotly polars prettytable progressbar progressbar2 psutil pyarrow pycuda pydantic pydot pygments
pylab pymc pyro pyspark pytest pytorch_lightning quiz ray regex requests rich scipy seaborn
sentence_transformers setuptools shap simplejson six skimage sklearn skorch spacy sqlalchemy stan
statsmodels stqdm streamlit sympy tabulate tensorboard tensorflow tensorflow_datasets
tensorflow_probability termcolor theano tiktoken tokenizers torch torchaudio torchinfo
torchmetrics torchsummary torchtext torchvision tqdm traitlets transformers typeguard
typing_extensions ujson urllib3 wandb watermark websockets wordcloud xarray xgboost yaml
yellowbrick
"""
_KNOWN = frozenset(_PACKAGES.split())
_MODULES = """
math random os sys json re time datetime itertools functools collections typing copy pathlib
warnings pickle string statistics
"""
_COMMON = frozenset(_MODULES.split())
_CLOSE = 0.8


def is_absent(package: str) -> bool:
    """Whether the grader lacks ``package``: it has NumPy and what comes with Python."""
    return package != "numpy" and package not in sys.stdlib_module_names


def is_unknown(package: str) -> bool:
    """Whether ``package`` is not well known: a misspelt name, or a file of the student's."""
    return package not in _KNOWN


def remark(package: str) -> str:
    """The end of the sentence "uses torch, …": why this fails, and what to do."""
    if not is_unknown(package):
        return "which the grader does not have: NumPy only"
    names = {name.lower(): name for name in sorted(_KNOWN | _COMMON)}
    for close in difflib.get_close_matches(package.lower()[:80], names, 1, _CLOSE):
        return f"which the grader does not have: did you mean `{names[close]}`?"
    return (
        "which the grader does not have: if it is a file of yours, put its code into a cell of the "
        "notebook"
    )
