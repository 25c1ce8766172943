"""KommIT's benefit workbook as a municipality has filled it in: the same sheets, headings and formulas."""

import io
import re
import zipfile
from datetime import date
from xml.sax.saxutils import escape

import openpyxl

BENEFITS = ["Færre medisinturer", "Lavere utgift til vikarer", "Tryggere pårørende"]
INDICATORS = ["Turer per uke", "Vikartimer", "Trygghet"]
EMPTY = 3  # rows of each sheet that nobody has filled in: formulas that show nothing


def put(page, row: int, **cells):
    for column, value in cells.items():
        page[f"{column}{row}"] = value


def copied(page, cell: str, source: str, shown):
    """A cell whose formula copies another's; Excel keeps beside it what it showed."""
    page[cell] = f'=IF({source}=0,"",{source})'
    page.parent.shown[page.title, cell] = shown


def filled_workbook(responsible=("Kari Leder", "Kari Leder", "Ordfører")) -> bytes:
    book = openpyxl.Workbook()
    book.shown = {}
    changes = book.active
    changes.title = "KONSEPT - Endringsanalyse"
    analysis = book.create_sheet("KONSEPT - Gevinstanalyse")
    plan = book.create_sheet("PLANLEGGE - Gevinstreal.plan")
    follow_up = book.create_sheet("PLANLEGGE - Oppfølgingsplan")
    results = book.create_sheet("REALISERE - Resultatoppfølging")
    write_headings(changes, analysis, plan, follow_up, results)
    for n in range(len(BENEFITS) + EMPTY):
        name = BENEFITS[n] if n < len(BENEFITS) else ""
        indicator = INDICATORS[n] if name else ""
        changes[f"C{5 + n}"] = name or None
        copied(analysis, f"B{7 + n}", f"'{changes.title}'!C{5 + n}", name)
        copied(plan, f"A{5 + 2 * n}", f"'{changes.title}'!C{5 + n}", name)
        copied(follow_up, f"A{5 + n}", f"'{changes.title}'!C{5 + n}", name)
        copied(follow_up, f"B{5 + n}", f"'{plan.title}'!E{5 + 2 * n}", indicator)
        copied(results, f"B{14 + n}", f"'{analysis.title}'!B{7 + n}", name)
        copied(results, f"C{14 + n}", f"'{plan.title}'!E{5 + 2 * n}", indicator)
        copied(results, f"E{14 + n}", f"D{14 + n}", 0.37 if n == 0 else "")
        copied(results, f"B{31 + n}", f"B{14 + n}", name)
        plan.merge_cells(f"A{5 + 2 * n}:A{6 + 2 * n}")
        if name:
            put(plan, 5 + 2 * n, E=indicator, G=responsible[n])
    write_rows(changes, analysis, plan, follow_up, results)
    return saved(book)


def write_headings(changes, analysis, plan, follow_up, results):
    put(
        changes,
        4,
        A="Prosess",
        B="Endring\nHva som skal gjøres på en ny måte?",
        C="Gevinst\nHvilket positivt resultat vil endringen skape?",
        D="Strategisk mål som gevinsten bidrar til \nvalgfritt å fylle ut",
        E="Forutsetninger for at gevinsten blir realisert",
    )
    put(analysis, 4, A="Gevinster:", B="GEVINSTER:")
    put(
        analysis,
        5,
        B="Gevinst\n(kopieres automatisk fra endringsanalysen):",
        C="Gevinsttype\n(velg fra listen):",
        D="Gevinstbudsjett \n(direkte - NOK, indirekte - årsverk, kvalitative - fylles ikke ut)",
        H="Gevinst-betydning\n(for kvalitative gevinster,\n1(lav) - 5 (høy)):",
    )
    put(analysis, 6, D=2027, E="År 2028", F=2029, G=2030)
    analysis.merge_cells("D5:G5")
    put(analysis, 23, A="Gevinster:", B="KOSTNADER:")
    put(analysis, 24, B="Beskrivelse av kostnader:", C="Investering:", D="Drifskostnader:", H="Rente:")
    put(analysis, 26, B="Dispensere", C=900_000, D=50_000, H=0.04)
    put(analysis, 29, B="OPPSUMMERING:")
    put(
        plan,
        4,
        A="Gevinst\n(kopieres automatisk)",
        B="Tiltak for å få gevinster realisert",
        C="Frist for tiltak",
        D='Hvordan skal gevinsten "omsettes"?',
        E="Måleindikator for gevinsten",
        F="Når blir gevinsten realisert?",
        G="Gevinst-   ansvarlig",
    )
    put(plan, 34, D="Prosjekteier:", F="Signatur")
    put(plan, 35, D="Rådmann:", F="Signatur")
    put(follow_up, 1, C="Oppdatert: 01.03.2026")
    put(
        follow_up,
        4,
        A="Gevinst\n(kopieres automatisk)",
        B="Måleindikator\n(kopieres automatisk)",
        C="Måleenhet",
        D="Dagens verdi",
        E="Ønsket verdi",
        F="Målemetode",
    )
    put(results, 1, F="Dato: 13.11.2026")
    put(results, 6, B="Status gevinstrealisering:", E="Kommentarer til gevinstrealiseringsstatus:")
    put(
        results,
        13,
        B="Gevinst\n(kopieres automatisk):",
        C="Måleindikator\n(kopieres automatisk):",
        D="Dagens måling:",
        E="Mål-oppnåelse\n(beregnes automatisk):",
        F="Status:",
        H="Gevinst-ansvarlig\n(kopieres automatisk):",
    )
    put(results, 29, B="Tiltak for å forbedre måloppnåelse")
    put(results, 30, B="Gevinst\n(kopieres automatisk):", C="Tiltak for å forbedre måloppnåelse:", G="Frist:")


def write_rows(changes, analysis, plan, follow_up, results):
    put(changes, 5, A="Utdeling", B="Dispenser hjemme", D="Mer tid til hver", E="Nettet virker")
    put(analysis, 7, C="Indirekte (frigjort tid - årsverk)", D=0.5, E=1.5, F=1.5, G=1.5)
    put(analysis, 8, C="Direkte (økonomiske - NOK)", D=0, E=400_000, F=400_000, G=400_000)
    put(analysis, 9, C="Kvalitative (f.eks. omdømme)", H=4)
    put(plan, 5, B="Lær opp vaktene", C=date(2027, 3, 1), D="Nye oppgaver i sonen", F="2. halvår 2027")
    put(plan, 6, B="Legg om turnusen", C=date(2027, 6, 30))
    put(plan, 7, B="Si opp avtalen", C=date(2027, 3, 1), D="Budsjettreduksjon", F=2028)
    put(plan, 9, B="Ring til pårørende", C=date(2027, 1, 15), D="Kvalitet", F=date(2027, 12, 31))
    put(follow_up, 5, C="turer", D=412, E=240, F="Kjøreboka")
    put(follow_up, 6, C="Timer", D=1200, E=300, F="Lønnssystemet")
    put(follow_up, 7, C="Poeng", D=6, E=8, F="Samtaler")
    put(results, 14, D=348, F="Forsinket")
    put(results, 15, D=900)
    put(results, 31, C="Flere dispensere i drift", G=date(2026, 12, 1))


def saved(book) -> bytes:
    """Return the file with what each formula showed, as Excel keeps it; openpyxl leaves that out."""
    plain, file = io.BytesIO(), io.BytesIO()
    book.save(plain)
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(file, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if number := re.fullmatch(r"xl/worksheets/sheet(\d+)\.xml", name):
                title = book.worksheets[int(number[1]) - 1].title

                def shown(match, title=title):
                    value = escape(str(book.shown[title, match[1]]))
                    return f'<c r="{match[1]}" t="str"><f>{match[2]}</f><v>{value}</v></c>'

                cell = r'<c r="([A-Z]+\d+)"[^>]*><f>(.*?)</f><v ?/?>(?:</v>)?</c>'
                content = re.sub(cell, shown, content.decode()).encode()
            target.writestr(name, content)
    return file.getvalue()
