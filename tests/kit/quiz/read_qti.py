"""Reads a QTI 1.2 package, and answers as its rules for responses say."""

from __future__ import annotations

import io
import re
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
    if item.findtext(".//qtimetadatafield/fieldentry", "", QTI) == "short_answer_question":
        return _typed_order(item)
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


def _typed_order(item):
    """Steps with letters in the text; their order is typed, and compared with each text allowed."""
    html = item.findtext("presentation/material/mattext", namespaces=QTI)
    steps = re.findall(r"<p>([A-F]): (.*?)</p>", html)
    letters = [letter for letter, _ in steps]
    rule = item.findall("resprocessing/respcondition", QTI)[1]
    allowed = [each.text for each in rule.iterfind("conditionvar/varequal", QTI)]

    def reply(order):
        typed = "".join(letters[step] for step in order)
        assert all("".join(re.findall("[A-F]", text)) == allowed[0] for text in allowed)
        return Reply(float(typed in allowed), ())

    prompt = html[: html.index("<p>A: ")]
    explanation = _html(item.find("itemfeedback[@ident='general_fb']", QTI))
    return Sheet(
        item.get("title"), seen(prompt), explanation, tuple(seen(text) for _, text in steps), reply
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
