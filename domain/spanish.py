"""What the desk says to an agency, in Spanish: refusals, the menu, and what stands around every screen.

The English sentence is the key, with {} where a number or a name stands in it. Labels and help of questions are in
the catalogue, beside their English.
"""

import re

from domain.spanish_door import DOOR

_KEPT = "Nothing was saved; what you typed is kept."
_KEPT_ES = "No se guardó nada; lo que escribió sigue aquí."

SENTENCES: dict[str, str] = {
    "There is no such referral, or you may not see it. Check the number.": (
        "No existe esa remisión, o usted no puede verla. Revise el número."
    ),
    "Say in a few words why you withdraw it.": "Diga en pocas palabras por qué la retira.",
    "Type your answer first.": "Escriba primero su respuesta.",
    "Type what you want to add first.": "Escriba primero lo que quiere agregar.",
    "{} was sent, so it cannot be discarded. You can withdraw it with a reason.": (
        "{} ya se envió, así que no se puede descartar. Puede retirarla e indicar el motivo."
    ),
    "This referral was not sent yet, so it has no receipt. Finish it and send it.": (
        "Esta remisión todavía no se ha enviado, así que no tiene recibo. Complétela y envíela."
    ),
    "{} answered this question already. Use Add information for more.": (
        "{} ya respondió esta pregunta. Si hay algo más, use «Agregar información»."
    ),
    "This referral is no longer open, so nothing can be added. Call the center.": (
        "Esta remisión ya no está abierta y no se le puede agregar nada. Llame al centro."
    ),
    "Your account belongs to no active agency. Ask the center's administrator.": (
        "Su cuenta no pertenece a ninguna agencia activa. Consulte a la persona que administra el centro."
    ),
    "The center has decided about {}: it cannot be withdrawn. Call the center.": (
        "El centro ya tomó una decisión sobre {}: no se puede retirar. Llame al centro."
    ),
    "{} was changed in another window. Reload it and withdraw it again.": (
        "{} se cambió en otra ventana. Vuelva a cargarla y retírela de nuevo."
    ),
    "This referral was sent, so its answers can no longer be changed. Use Add information instead.": (
        "Esta remisión ya se envió y sus respuestas no se pueden cambiar. Use «Agregar información»."
    ),
    "This referral was sent in the meantime: this answer was not saved. Use Add information instead.": (
        "Esta remisión se envió entretanto: esta respuesta no se guardó. Use «Agregar información»."
    ),
    "This referral was changed in another window. Reload it, check the answers and send it again.": (
        "Esta remisión se cambió en otra ventana. Vuelva a cargarla, revise las respuestas y envíela de nuevo."
    ),
    "This site is not set up yet. Ask the administrator to finish the first run.": (
        "Este sitio todavía no está configurado. Consulte a la persona que lo administra."
    ),
    "This answer does not belong to this type of referral, so it was not saved. Reload the page.": (
        "Esta respuesta no corresponde a este tipo de remisión y no se guardó. Vuelva a cargar la página."
    ),
    "This text is too long to be saved. Shorten it; your report itself can follow later.": (
        "Este texto es demasiado largo para guardarlo. Acórtelo; puede enviar su informe después."
    ),
    "This text is too long. Shorten it to 20,000 characters.": (
        "Este texto es demasiado largo. Redúzcalo a 20,000 caracteres."
    ),
    "This text holds a character that cannot be saved (NUL). Remove it and type it again.": (
        "Este texto contiene un carácter que no se puede guardar (NUL). Quítelo y escríbalo de nuevo."
    ),
    "The referral was not sent: {}": "La remisión no se envió. Revise lo que está al comienzo de la página.",
    "{} was {} by {} at {}. Reload it to see it as it is now; what you typed is still here.": (
        "{} cambió entretanto. Vuelva a cargarla para verla como está ahora; lo que escribió sigue aquí."
    ),
    "This referral was changed in the meantime. Reload it; nothing you typed is lost.": (
        "Esta remisión cambió entretanto. Vuelva a cargarla; nada de lo que escribió se pierde."
    ),
    "This referral is {}: it cannot be {}. Reload to see it as it is.": (
        "Esta remisión cambió entretanto y eso ya no es posible. Vuelva a cargar la página para verla como está."
    ),
    "This referral cannot be {}: its history shows nothing to take back.": (
        "En esta remisión no hay nada que deshacer. Vuelva a cargar la página."
    ),
    "{} has begun a referral for this child already.": "{} ya comenzó una remisión para este niño o esta niña.",
    "{} was sent for this child already. Open it instead.": (
        "{} ya se envió para este niño o esta niña. Ábrala en lugar de esta."
    ),
    "This child is no longer listed in the household. Reload the referral.": (
        "Este niño o esta niña ya no figura en el hogar. Vuelva a cargar la remisión."
    ),
    "This is the result of a merge: start the linked referral from one of its sources.": (
        "Esta remisión reúne varias. Comience la remisión vinculada desde una de ellas."
    ),
    "You are signed out. Sign in again; what you typed is kept.": (
        "Se cerró su sesión. Vuelva a entrar; lo que escribió está guardado."
    ),
    "Your role does not allow this. Ask your supervisor or administrator.": (
        "Su función no permite hacer esto. Consulte a su supervisor o a la persona que administra el sitio."
    ),
    "The desk speaks English and Spanish. Choose one of them.": (
        "El sitio habla inglés y español. Elija uno de los dos."
    ),
    f"The database does not answer just now. {_KEPT} Try again in a minute.": (
        f"La base de datos no responde en este momento. {_KEPT_ES} Inténtelo de nuevo en un minuto."
    ),
    "The database went away while this was being saved. Open the record again and look whether it was saved "
    "before you repeat it; what you typed is kept.": (
        "La base de datos dejó de responder mientras se guardaba. Abra de nuevo la remisión y mire si se guardó "
        "antes de repetirlo; lo que escribió está guardado."
    ),
    f"The desk is very busy just now. {_KEPT} Try again in a moment.": (
        f"El sitio está muy ocupado en este momento. {_KEPT_ES} Inténtelo de nuevo en un momento."
    ),
    f"The disk of the desk's computer is full. {_KEPT} Ask your administrator to free some space.": (
        f"El disco del sitio está lleno. {_KEPT_ES} Avise a la persona que lo administra."
    ),
    f"The disk of the desk's computer did not take this. {_KEPT} Tell your administrator.": (
        f"El disco del sitio no aceptó esto. {_KEPT_ES} Avise a la persona que lo administra."
    ),
    f"The database file is damaged. {_KEPT} Tell your administrator to restore the newest backup.": (
        f"El archivo de la base de datos está dañado. {_KEPT_ES} Avise a la persona que administra el sitio."
    ),
    f"Somebody else changed this at the same moment. {_KEPT} Reload to see it as it is now.": (
        f"Otra persona lo cambió al mismo tiempo. {_KEPT_ES} Vuelva a cargar la página para verlo como está ahora."
    ),
    "Demo: do not enter real children.": "Demostración: no escriba datos de niños reales.",
    "Sign out": "Salir",
    "Stay signed in": "Seguir en la sesión",
    "You will be signed out in {} seconds. Drafts are kept.": (
        "Su sesión se cerrará en {} segundos. Los borradores quedan guardados."
    ),
    "New referral": "Nueva remisión",
    "My referrals": "Mis remisiones",
    "Write a referral": "Escribir una remisión",
    "Check your answers": "Revise sus respuestas",
    "Receipt": "Recibo",
    "Referral": "Remisión",
    "Our numbers": "Nuestras cifras",
    "Who may do what": "Quién puede hacer qué",
    "Your account": "Su cuenta",
    "Not your screen": "Esta pantalla no es suya",
    "Home": "Inicio",
    **DOOR,
}


def in_spanish(sentence: str) -> str:
    """The sentence in Spanish; one that nobody translated stays English rather than being lost."""
    found = SENTENCES.get(sentence)
    if found is not None:
        return found
    for pattern, spanish in _PATTERNS:
        match = pattern.fullmatch(sentence)
        if match:
            return spanish.format(*match.groups())
    return sentence


def _pattern(template: str) -> re.Pattern[str]:
    return re.compile("(.+?)".join(re.escape(piece) for piece in template.split("{}")), re.DOTALL)


_PATTERNS = tuple((_pattern(english), spanish) for english, spanish in SENTENCES.items() if "{}" in english)
