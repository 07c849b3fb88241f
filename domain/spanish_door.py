"""What the door and one's own account say, in Spanish: sign-in, codes, passwords, where one is signed in."""

DOOR: dict[str, str] = {
    # Signing in
    "Sign in": "Entrar",
    "User name": "Nombre de usuario",
    "Password": "Contraseña",
    "Type your user name and your password.": "Escriba su nombre de usuario y su contraseña.",
    "The user name or password is not right. Check both and try again. After several wrong tries, wait a few minutes "
    "first, or ask your administrator for a reset code.": (
        "El nombre de usuario o la contraseña no es correcto. Revise los dos e inténtelo de nuevo. Después de varios "
        "intentos, espere unos minutos o pida un código a la persona que administra el sitio."
    ),
    "Nobody at this center is known under this account. Ask your administrator to connect it, or sign in with your "
    "user name and password.": (
        "En este centro nadie tiene esta cuenta. Pida a la persona que administra el sitio que la conecte, o entre con "
        "su nombre de usuario y contraseña."
    ),
    "I have a one-time code from my administrator": "Tengo un código de un solo uso de la persona que administra",
    "One-time code": "Código de un solo uso",
    "New password": "Contraseña nueva",
    "New password again": "Contraseña nueva otra vez",
    "Choose this password": "Elegir esta contraseña",
    "One more step": "Un paso más",
    "Code from your authenticator app, or a recovery code": (
        "Código de su aplicación de autenticación, o un código de recuperación"
    ),
    "Start over": "Empezar de nuevo",
    "One moment …": "Un momento…",
    "15 characters or more, or 8 if you use an authenticator app. A few words in a row are fine; blanks count.": (
        "15 caracteres o más, u 8 si usa una aplicación de autenticación. Sirven unas cuantas palabras seguidas; los "
        "espacios cuentan."
    ),
    "Sign in with {}": "Entrar con {}",
    "Or with your user name and password:": "O con su nombre de usuario y contraseña:",
    "The administrator needs this code of your account to connect it:": (
        "La persona que administra el sitio necesita este código de su cuenta para conectarla:"
    ),
    # An authenticator app
    "Set up your authenticator app": "Configure su aplicación de autenticación",
    "Your role signs in with a password and a code from an app on your phone, such as Google Authenticator, Microsoft "
    "Authenticator or Aegis.": (
        "Su función entra con una contraseña y un código de una aplicación de su teléfono, como Google Authenticator, "
        "Microsoft Authenticator o Aegis."
    ),
    "Scan this picture with the app.": "Escanee esta imagen con la aplicación.",
    "Or type this key into the app:": "O escriba esta clave en la aplicación:",
    "The six digits that the app shows now": "Los seis dígitos que la aplicación muestra ahora",
    "Go on": "Continuar",
    "Keep these recovery codes": "Guarde estos códigos de recuperación",
    "Each signs you in once when your phone is lost. They are shown only now: print them or write them down.": (
        "Cada uno le permite entrar una vez si pierde su teléfono. Solo se muestran ahora: imprímalos o anótelos."
    ),
    "I have kept them: sign in": "Ya los guardé: entrar",
    "I have kept them": "Ya los guardé",
    "Your password has expired": "Su contraseña venció",
    # One's own account
    "Your password is changed. Everywhere else you were signed in, you are signed out.": (
        "Su contraseña cambió. Se cerró su sesión en los demás lugares donde estaba abierta."
    ),
    "Change your password": "Cambie su contraseña",
    "Current password": "Contraseña actual",
    "Change password": "Cambiar la contraseña",
    "Authenticator app": "Aplicación de autenticación",
    "This changes how you sign in: type your password first.": (
        "Esto cambia su forma de entrar: escriba primero su contraseña."
    ),
    "Your password": "Su contraseña",
    "You sign in with an authenticator app. Unused recovery codes: {} of 10.": (
        "Usted entra con una aplicación de autenticación. Códigos de recuperación sin usar: {} de 10."
    ),
    "Make new recovery codes": "Crear códigos de recuperación nuevos",
    "Stop using an authenticator app": "Dejar de usar una aplicación de autenticación",
    "You sign in with your password alone now.": "Ahora entra solo con su contraseña.",
    "A code from an app on your phone keeps others out even when they know your password.": (
        "Un código de una aplicación de su teléfono impide que entren otros, aunque sepan su contraseña."
    ),
    "Set up an authenticator app": "Configurar una aplicación de autenticación",
    "Use this app": "Usar esta aplicación",
    "From now on you sign in with this app as well.": "Desde ahora entra también con esta aplicación.",
    "Where you are signed in": "Dónde tiene la sesión abierta",
    "{}, from {}, since {}": "{}, desde {}, abierta el {}",
    "this computer": "esta computadora",
    "A browser": "Un navegador",
    "(here)": "(aquí)",
    "Sign out there": "Cerrar esa sesión",
    "Signed out there.": "Se cerró esa sesión.",
    "Sign out everywhere else": "Cerrar todas las demás sesiones",
    "Signed out everywhere else.": "Se cerraron las demás sesiones.",
    "{}, user name {}": "{}, nombre de usuario {}",
    "Referral user": "Quien remite",
    "Agency lead": "Responsable de la agencia",
    "Your role does not have this screen. Choose another one from the menu, or ask your administrator.": (
        "Su función no tiene esta pantalla. Elija otra en el menú o consulte a la persona que administra el sitio."
    ),
    # Refusals
    "The two new passwords differ. Type the new one twice.": (
        "Las dos contraseñas nuevas son distintas. Escriba la nueva dos veces."
    ),
    "Your current password is not right. Type it again, or ask your administrator for a reset code.": (
        "Su contraseña actual no es correcta. Escríbala de nuevo o pida un código a la persona que administra el sitio."
    ),
    "The user name or the reset code is not right, or the code was used or is over a day old. Ask your administrator "
    "for a new one.": (
        "El nombre de usuario o el código no es correcto, o el código ya se usó o tiene más de un día. Pida otro a la "
        "persona que administra el sitio."
    ),
    "This is the password that expired. Choose another one.": "Esta es la contraseña que venció. Elija otra.",
    "Your role requires a second factor. For a new phone, use a recovery code and enrol again.": (
        "Su función exige una aplicación de autenticación. Con un teléfono nuevo, use un código de recuperación y "
        "configúrela de nuevo."
    ),
    "You already use an authenticator app. Remove it first to use another.": (
        "Ya usa una aplicación de autenticación. Quítela primero para usar otra."
    ),
    "There is no such session of yours. It may have ended already.": "Esa sesión suya no existe. Quizás ya se cerró.",
    "Type your password again first, then do this once more.": "Escriba primero su contraseña y luego repita esto.",
    "This code is not right or was already used. Wait for the next one in your app and type it.": (
        "Este código no es correcto o ya se usó. Espere el siguiente en su aplicación y escríbalo."
    ),
    "There were too many tries from your network. Wait fifteen minutes and try again.": (
        "Hubo demasiados intentos desde su red. Espere quince minutos e inténtelo de nuevo."
    ),
    "This took too long. Sign in again with your user name and password.": (
        "Tardó demasiado. Entre de nuevo con su nombre de usuario y contraseña."
    ),
    "Choose a password of at least {} characters. A few words in a row are fine.": (
        "Elija una contraseña de al menos {} caracteres. Sirven unas cuantas palabras seguidas."
    ),
    "Choose a password of at most {} characters.": "Elija una contraseña de {} caracteres como máximo.",
    "This password is among the most common ones. Choose another, for example a few words in a row.": (
        "Esta contraseña es de las más comunes. Elija otra, por ejemplo unas cuantas palabras seguidas."
    ),
    "This password is made of your own name or the center's or agency's name. Choose another.": (
        "Esta contraseña está hecha con su nombre o con el del centro o la agencia. Elija otra."
    ),
    "This proof of who you are was not made for this desk. Sign in again, or use your password.": (
        "Esta prueba de quién es usted no se hizo para este sitio. Entre de nuevo o use su contraseña."
    ),
    "This proof of who you are is too old or was used before. Sign in again.": (
        "Esta prueba de quién es usted es muy vieja o ya se usó. Entre de nuevo."
    ),
    "It could not be proved who you are. Try again, or sign in with your user name and password.": (
        "No se pudo comprobar quién es usted. Inténtelo de nuevo o entre con su nombre de usuario y contraseña."
    ),
}
"""The English sentence, and the Spanish one."""
