"""An agency's own numbers in the language of the person."""

from dataclasses import replace

from domain import fields
from domain.lifecycle import ReturnReason
from domain.statistics import Period, Sheet
from widgets.figures import sheet_part
from widgets.language import language
from widgets.words import clock


def own_sheet(sheet: Sheet) -> None:
    """A table of an agency's own page."""
    sheet_part(in_spanish(sheet) if language() == "es" else sheet)


def own_days(period: Period) -> str:
    """The days of a period in words."""
    said = clock(language())
    between = "al" if language() == "es" else "to"
    return f"{said.day(period.first)} {between} {said.day(period.last)}"


def in_spanish(sheet: Sheet) -> Sheet:
    """The same table with its title, meaning, columns and rows in Spanish."""
    title, meaning = _SHEETS[sheet.code]
    columns = tuple(replace(column, title=_COLUMNS.get(column.title, column.title)) for column in sheet.columns)
    labels = _ROWS.get(sheet.code, {})
    said = [labels.get(str(key), label) for key, label in zip(sheet.rows["key"], sheet.rows["label"], strict=True)]
    rows = sheet.rows.assign(label=said)
    return replace(sheet, title=title, definition=meaning, of="remisiones", columns=columns, rows=rows)


_COLUMNS = {
    "Received": "Recibidas",
    "Returned": "Devueltas",
    "Return rate": "Porcentaje devuelto",
    "Rounds per referral": "Envíos por remisión",
    "Returns answered": "Devoluciones respondidas",
    "Days with the agency": "Días en su agencia",
    "Days to our first decision": "Días hasta la primera decisión del centro",
    "Answers missing per referral": "Respuestas que faltan por remisión",
    "Returned referrals": "Remisiones devueltas",
    "Share": "Porcentaje",
}
_SHEETS = {
    "agencies": (
        "Resumen",
        "Remisiones recibidas y devueltas, envíos por remisión, mediana de días en su agencia por devolución, mediana "
        "de días hasta la primera decisión del centro, y cuántas de las seis preguntas que alimentan las estadísticas "
        "obligatorias quedaron sin respuesta, por remisión.",
    ),
    "return_reasons": (
        "Por qué se devolvieron",
        "Remisiones del período que se devolvieron, por motivo. Una remisión devuelta por dos motivos cuenta en ambos.",
    ),
    "returned_fields": (
        "Qué preguntas hubo que corregir",
        "Preguntas marcadas al devolver, por el número de remisiones del período en que se marcaron.",
    ),
}
_ROWS = {
    "return_reasons": {
        ReturnReason.MISSING_INFORMATION.value: "Falta información",
        ReturnReason.UNCLEAR.value: "Algo no está claro o se contradice",
        ReturnReason.WRONG_CENTER.value: "Puede corresponder a otro centro",
        ReturnReason.NOT_ELIGIBLE.value: "Puede no corresponder a este centro",
        ReturnReason.NEEDS_HOTLINE_REPORT.value: "Primero hay que reportar a la línea estatal",
        ReturnReason.SENT_IN_ERROR.value: "Parece enviada por error",
        ReturnReason.OTHER.value: "Otro motivo",
    },
    "returned_fields": {
        **{field.name: field.label_es for field in fields.FIELDS if field.label_es},
        **{name: group.title_es for name, group in fields.GROUPS.items()},
    },
}
