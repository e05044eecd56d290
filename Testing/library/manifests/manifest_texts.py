"""Manifests as Weasis's own servers write them, with identifiers of nobody."""

from __future__ import annotations

LOGIN = "cmVhZGVyOnNlY3JldC0xMjM="  # reader:secret-123
TOKEN = "eyJhbGciOi.very-secret.token-4711"

FULL_XML = f"""<?xml version="1.0" encoding="UTF-8" ?>
<manifest xmlns="http://www.weasis.org/xsd/2.5" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<arcQuery arcId="1001" baseUrl="https://pacs.example.org/wado" webLogin="{LOGIN}" requireOnlySOPInstanceUID="false"
 additionnalParameters="&amp;session=42&amp;custodianOID=1.2" overrideDicomTagsList="0x00100020,0x00100030">
<httpTag key="X-Time" value="23424324" />
<httpTag key="Accept" value="image/jpeg" />
<Message title="Warning" description="One study is offline" severity="WARN"/>
<Patient PatientID="P1" PatientName="DOE^JOHN" PatientBirthDate="19860611" PatientSex="M">
<Study StudyInstanceUID="1.2.1" StudyDescription="head" StudyDate="20260611">
<Series SeriesInstanceUID="1.2.1.1" Modality="MR" WadoTransferSyntaxUID="*">
<Instance SOPInstanceUID="1.2.1.1.1" InstanceNumber="1"/>
<Instance SOPInstanceUID="1.2.1.1.2" InstanceNumber="2"/>
</Series></Study></Patient></arcQuery></manifest>"""

# As ViewerHub writes it: members in any order, numbers and truth values as such.
FULL_JSON = """{"manifest":{"arcQuery":[{"Patient":[{"PatientID":"P1","PatientName":"DOE^JOHN","Study":[{"Series":[
{"Instance":[{"SOPInstanceUID":"1.2.1.1.1","InstanceNumber":1},{"SOPInstanceUID":"1.2.1.1.2","InstanceNumber":2}],
"SeriesInstanceUID":"1.2.1.1","SeriesNumber":13,"Modality":"MR"}],"StudyInstanceUID":"1.2.1"}]}],
"arcId":"1001","baseUrl":"https://pacs.example.org/wado","requireOnlySOPInstanceUID":false,"queryMode":"DICOM"}]}}"""

OLD_XML = """<?xml version="1.0" encoding="utf-8" ?>
<wado_query xmlns="http://www.weasis.org/xsd" wadoURL="https://pacs.example.org/wado" requireOnlySOPInstanceUID="true"
 additionnalParameters="" overrideDicomTagsList="">
<Patient PatientID="P1" PatientName="DOE^JOHN"><Study StudyInstanceUID="1.2.1"><Series SeriesInstanceUID="1.2.1.1">
<Instance SOPInstanceUID="1.2.1.1.1" /></Series></Study></Patient></wado_query>"""


def rest(inside: str, base: str = "https://pacs.example.org/rs", attributes: str = "") -> bytes:
    """A DICOMweb manifest: ``inside`` is what its patient has."""
    return (
        f'<manifest xmlns="http://www.weasis.org/xsd/2.5"><arcQuery arcId="a" baseUrl="{base}" queryMode="DICOM_WEB"'
        f' {attributes}><Patient PatientID="P1" PatientName="DOE^JOHN">{inside}</Patient></arcQuery></manifest>'
    ).encode()


def uri(inside: str, base: str = "https://pacs.example.org/wado", attributes: str = "") -> bytes:
    """A WADO-URI manifest: ``inside`` is what its only series has."""
    return (
        f'<manifest><arcQuery arcId="a" baseUrl="{base}" {attributes}><Patient PatientID="P1" PatientName="DOE^JOHN">'
        f'<Study StudyInstanceUID="1.2.1"><Series SeriesInstanceUID="1.2.1.1">{inside}</Series></Study></Patient>'
        "</arcQuery></manifest>"
    ).encode()
