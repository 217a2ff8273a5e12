"""Reads a QTI 1.2 package, and answers as its rules for responses say."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET
import zipfile
from functools import partial

from tests.kit.quiz.sheet import Reply, Sheet, seen

QTI = {"": "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"}
PACKAGE = {"": "http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1"}
NUMERIC = {"vargte": float.__ge__, "varlte": float.__le__, "varequal": float.__eq__}


def read_qti(content: bytes):
    """The title, and the sheets, of the assessment that the package's manifest names."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert package.testzip() is None
        manifest = ET.fromstring(package.read("imsmanifest.xml"))
        hrefs = [file.get("href") for file in manifest.iterfind(".//file", PACKAGE)]
        assert set(hrefs) < set(package.namelist())
        (href,) = manifest.find(".//resource[@type='imsqti_xmlv1p2']", PACKAGE).iterfind(
            "file", PACKAGE
        )
        assessment = ET.fromstring(package.read(href.get("href"))).find("assessment", QTI)
    return assessment.get("title"), [_sheet(item) for item in assessment.iterfind(".//item", QTI)]


def _sheet(item):
    labels = item.findall(".//render_choice/response_label", QTI)
    idents = [label.get("ident") for label in labels]
    assert len(set(idents)) == len(idents)
    feedback = {each.get("ident"): _html(each) for each in item.iterfind("itemfeedback", QTI)}
    return Sheet(
        item.get("title"),
        _html(item.find("presentation/material", QTI)),
        feedback["general_fb"],
        tuple(_html(label) for label in labels),
        partial(_reply, item, idents, feedback),
    )


def _reply(item, idents, feedback, answer):
    """Works through the conditions in their order, as the specification says."""
    given = answer if isinstance(answer, float) else {idents[position] for position in answer}
    score, shown = 0.0, []
    for condition in item.iterfind("resprocessing/respcondition", QTI):
        if not all(_holds(each, given) for each in condition.find("conditionvar", QTI)):
            continue
        if (change := condition.find("setvar", QTI)) is not None:
            assert change.get("action") == "Set"
            score = float(change.text)
        shown += [each.get("linkrefid") for each in condition.iterfind("displayfeedback", QTI)]
        if condition.get("continue") == "No":
            break
    assert shown[0] == "general_fb"
    return Reply(score / 100, tuple(feedback[ident] for ident in shown[1:]))


def _holds(test, given):
    name = test.tag.partition("}")[2]
    if name in ("and", "or", "not"):
        parts = [_holds(each, given) for each in test]
        return all(parts) if name == "and" else any(parts) if name == "or" else not parts[0]
    if name == "other":
        return True
    if isinstance(given, float):
        return NUMERIC[name](given, float(test.text))
    assert name == "varequal"
    return test.text in given


def _html(element):
    text = element.find(".//mattext", QTI)
    assert text.get("texttype") == "text/html"
    return seen(text.text)
