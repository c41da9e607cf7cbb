"""Swahili, as it is spoken and typed in Nairobi, Dar es Salaam, Mombasa and Kampala, with the Sheng of the shops.

False friends, each met in the tables of phrases:

- *Kumdai mtu* is to have a claim on someone: "namdai Jane" is Jane's debt to me, "Jane ananidai" is mine to her.
  So is "nani ananidai": whom I owe. What is owed to me is asked by "namdai nani", "nani anadaiwa".
- *Kodi* is tax and rent: it is tax only in a phrase of tax, "bila kodi", and never before "ya nyumba".
- *Kwa* is for, to and at. Before a price it says each's price only beside "kila moja"; else it is asked.
- *Ankara* is a bill; a cloth and a city, too, where "kitambaa cha" or an English sentence says so.
- *Mia*, *Leo*, *Jana*, *Juma*, *Jumanne*, *Ijumaa* are people as well: a capital letter and their place decide.
- *Matatu* is a minibus before it is three of anything; *mara* is a river; *buku* and *soo* are money only before a number.
"""

from __future__ import annotations

from hesabu.doors.chat.grammar.language import Language, Phrasebook
from hesabu.doors.chat.grammar.languages.writing import book_of as _book
from hesabu.doors.chat.grammar.languages.writing import combined as _combined
from hesabu.doors.chat.grammar.languages.writing import meaning as _meaning
from hesabu.doors.chat.grammar.languages.writing import phrases_of as _phrases
from hesabu.doors.chat.grammar.languages.writing import word_set as _set
from hesabu.doors.chat.grammar.types import Intent, TaxMode

_BILLS = (
    "ankara",
    "ankra",
    "invoisi",
    "invoice",
    "invois",
    "bili",
    "bill",
    "hati ya madai",
    "hati ya malipo",
)

_MAKE = (
    "tuma", "tengeneza", "andika", "andaa", "toa", "fanya", "unda", "weka", "fungua", "tayarisha", "kutuma", "kutengeneza",
    "kuandika", "kuandaa", "kutoa", "kufanya", "kutayarisha", "nitengenezee", "niandikie", "niandalie", "nifanyie",
    "nitayarishie", "nataka", "nahitaji", "ninahitaji", "naomba", "nisaidie na", "tutengenezee", "ntumie", "tumia",
)  # fmt: skip

_INVOICE_STARTS = (
    *_BILLS,
    *_combined(_MAKE, _BILLS, ("", "mpya", "nyingine", "moja")),
    *_combined(_BILLS, ("mpya", "nyingine")),
    *_phrases(
        """
        mdai, umdai, namdai, ninamdai, mlipishe, mtoze, mchaji, mchaje, chaji, toza, kumdai, kumtoza, kudai, dai
        omba malipo, omba malipo ya, itisha malipo, itisha malipo ya, itisha, omba, kuomba malipo
        """
    ),
)

_GIVERS = _set(
    "mtumie mtumieni umtumie kumtumia tumia tumie mwandikie mwandikieni muandikie kumwandikia umwandikie "
    "mtengenezee tengenezea nitengenezee andikia andalia kumtengenezea umtengenezee mpe mpatie umpe mfanyie mwandalie mtayarishie watumie waandikie "
    "mpelekee peleka tuma andika"
)

_MEASURES = _set(
    "kilo kg kgs gramu lita ltr mita saa siku wiki mwezi miezi tani inchi futi sentimita kilomita dazeni"
)
_LED_UNITS = _MEASURES | _set(
    "mfuko mifuko gunia magunia katoni makatoni boksi maboksi sanduku masanduku chupa debe madebe pakiti paketi "
    "kipande vipande kikombe vikombe sahani trei kreti makreti ndoo kopo makopo bunda mabunda fungu mafungu rimu "
    "rola roli safari tripu bandari seti jozi nakala kurasa ukurasa idadi pcs pisi"
)
_EACH = (
    *_combined(("kila",), ("moja", "mmoja", "kimoja", "kitu", "mtu", "kichwa", "ukurasa", *sorted(_LED_UNITS))),
    *_combined(
        ("kwa",),
        ("moja", "mmoja", "kimoja", "mtu", "kichwa", "ukurasa", "usiku", "somo", "darasa", "safari", "sahani",
         *sorted(_LED_UNITS - {"idadi", "miezi", "mifuko", "magunia", "vipande", "vikombe"})),
    ),
    *_combined(("kwa kila",), ("moja", "mmoja", "kimoja", "mtu", "siku", "saa", "mfuko", "kilo", "lita", "kitu")),
)  # fmt: skip

_NUMBERS = {
    "moja": 1, "mmoja": 1, "kimoja": 1, "mbili": 2, "wawili": 2, "miwili": 2, "mawili": 2, "viwili": 2, "tatu": 3,
    "watatu": 3, "mitatu": 3, "vitatu": 3, "nne": 4, "wanne": 4, "minne": 4, "manne": 4, "vinne": 4, "tano": 5,
    "watano": 5, "mitano": 5, "matano": 5, "vitano": 5, "sita": 6, "saba": 7, "nane": 8, "wanane": 8, "minane": 8,
    "manane": 8, "vinane": 8, "tisa": 9,
}  # fmt: skip
_TENS = {
    "kumi": 10, "ishirini": 20, "thelathini": 30, "thalathini": 30, "arobaini": 40, "arubaini": 40, "hamsini": 50,
    "sitini": 60, "sabini": 70, "themanini": 80, "thamanini": 80, "tisini": 90,
}  # fmt: skip

_TAXES = ("vat", "v.a.t", "kodi", "kodi ya ongezeko la thamani", "tax", "ushuru")


def _taxes(phrases: str, mode: TaxMode | None) -> dict[str, TaxMode | None]:
    """Every phrase for every word for the tax. TAX stands for it."""
    return {p.replace("TAX", tax): mode for p in _phrases(phrases) for tax in _TAXES}


_SUMS = (
    "kiasi", "bei", "hesabu", "pesa", "jumla", "amount", "total", "hii", "hii bei", "bei hii", "hii pesa", "pesa hii", "hii hesabu",
    "hesabu hii", "hiki kiasi", "kiasi hiki", "hii amount", "hii ankara", "ankara hii", "hii bill", "bei yako", "hiyo bei", "bei hiyo",
)  # fmt: skip
_NOT_RIGHT = (
    "si sawa", "sio sawa", "siyo sawa", "si sahihi", "sio sahihi", "siyo sahihi", "haiko sawa", "hakiko sawa", "haipo sawa",
    "imekosewa", "kimekosewa", "ni kubwa", "ni kubwa sana", "iko juu", "iko juu sana", "ni ghali", "ni ghali sana", "ni nyingi",
    "ni nyingi sana", "ni mbaya", "ni makosa", "ni wrong", "iko wrong", "imezidi", "imepita",
)  # fmt: skip

LANGUAGE = Language(
    code="sw",
    phrases=Phrasebook({
        **_meaning(
            """
            msaada, naomba msaada, nahitaji msaada, nisaidie, nisaidieni, saidia, nimekwama, sielewi, sijaelewa
            unaweza kufanya nini, unafanya nini, wewe ni nani, we ni nani, unaitwa nani, hii ni nini, inafanyaje kazi, inafanya kazi vipi, inatumikaje, naitumiaje
            natumaje ankara, nitatumaje ankara, ninatumaje ankara, natengenezaje ankara, nitatengenezaje ankara
            nianze vipi, nianzie wapi, jinsi ya kutumia, maelekezo, mwongozo, amri
            """,
            Intent.HELP,
        ),
        **_meaning(
            """
            nifanyeje, nifanye nini, nifanye aje, nifanye vipi, sasa nifanyeje, siskii, siskii vizuri, sijui, sijui nifanye nini
            naandika nini, niandike nini, nani huyu, huyu ni nani, ni nani, wewe nani, wewe ni robot, hii ni utapeli, ni utapeli
            hii ni ya kweli, hii inafanyaje kazi, sielewi kitu, sijaelewa kitu
            """,
            Intent.HELP,
        ),
        **_meaning(
            "menyu, menyu kuu, nionyeshe menyu, onyesha menyu, fungua menyu, mwanzo, rudi mwanzo, rudi kwenye menyu, chaguo, machaguo",
            Intent.MENU,
        ),
        **_meaning(
            """
            ghairi, ghairisha, acha, achana nayo, acha hiyo, wacha, sitisha, batilisha hii, usitume, usiitume, basi
            basi acha, sahau, sahau hiyo, futa hii, toka, ondoka
            """,
            Intent.CANCEL,
        ),
        **_meaning(
            """
            nani anadaiwa, nani anadaiwa na mimi, nani ninamdai, namdai nani, ninamdai nani, ninaowadai
            ninao wadai, nawadai nani, ninawadai kina nani, kina nani wanadaiwa, wanaodaiwa, nani hajalipa
            nani hajanilipa, nani bado hajalipa, nani bado, ambao hawajalipa, wasiolipa, hawajalipa, wadaiwa, wadaiwa wangu, nani owes me
            wadeni, madeni, madeni yangu, deni, orodha ya madeni, orodha ya wadaiwa, nadai nani, nadai kiasi gani
            ninadai kiasi gani, nadai pesa ngapi, nadai ngapi, nadai ngapi jumla, ninadai ngapi, pesa ninazodai
            pesa nje, zinazosubiri malipo
            nani ameniowe, nani ananiowe, nani ana ni owe, nani ameni owe, nani anani owe, nani ana deni langu
            wangapi hawajalipa, nani nawadai, nawadai kina nani, wenye deni, wenye madeni, nionyeshe wenye deni
            onyesha wenye deni, wateja wenye deni, wateja wenye madeni, wadeni wangu, nionyeshe wadeni, nani bado hajanilipa, nani hawajalipa, ambao bado hawajalipa
            nadai watu ngapi, nadai watu pesa ngapi, niambie nani hajalipa, nani amebaki kulipa
            nani ana deni, nani hajamaliza kulipa, nionyeshe wadaiwa, nionyeshe madeni, onyesha madeni
            """,
            Intent.WHO_OWES,
        ),
        **_meaning(
            """
            nani amechelewa, nani amechelewa kulipa, waliochelewa, waliochelewa kulipa, madeni yaliyochelewa, nani overdue
            """,
            Intent.WHO_OWES,
            "overdue",
        ),
        **_meaning(
            """
            ankara ambazo hazijalipwa, ankara zisizolipwa, ambazo hazijalipwa, hazijalipwa, zisizolipwa
            invoice ambazo hazijalipwa, bili ambazo hazijalipwa, ankara zinazosubiri, orodha ya ankara ambazo hazijalipwa
            onyesha ambazo hazijalipwa, onyesha ankara ambazo hazijalipwa, nionyeshe ankara ambazo hazijalipwa
            onyesha ankara zisizolipwa, nionyeshe ankara zisizolipwa
            """,
            Intent.LIST,
            "unpaid",
        ),
        **_meaning(
            "zilizochelewa, ankara zilizochelewa, zilizopita muda, ankara zilizopita muda, ankara zilizopitiliza, zilizopitiliza",
            Intent.LIST,
            "overdue",
        ),
        **_meaning(
            """
            nani ananidai, ananidai nani, nani wananidai, kina nani wananidai, wanaonidai, anayenidai, nadaiwa na nani
            ninadaiwa na nani, nadaiwa nini, nadaiwa kiasi gani, ninadaiwa kiasi gani, nadaiwa ngapi, ninadaiwa ngapi
            niko na deni ngapi, niko na deni gani, nina deni ngapi, nina deni gani, nina deni la ngapi, niko na deni la ngapi
            nadaiwa pesa ngapi, ninachodaiwa, madeni ninayodaiwa, deni langu, deni langu ni ngapi, deni langu ni kiasi gani
            deni langu ni pesa ngapi, deni yangu, deni yangu ni ngapi, deni yangu ni how much, nalipa ngapi, nilipe ngapi
            natakiwa kulipa ngapi, ninatakiwa kulipa ngapi, nilipe kiasi gani, natakiwa kulipa kiasi gani, bili yangu ni ngapi
            balance yangu, balance yangu ni ngapi, salio langu, nabaki na ngapi, nimebakisha ngapi
            """,
            Intent.I_OWE,
        ),
        **_meaning("matumizi, matumizi yangu, gharama, gharama zangu", Intent.EXPENSE),
        **_meaning(
            """
            orodha, orodha ya ankara, ankara zangu, ankara zote, nionyeshe ankara, nionyeshe ankara zangu
            onyesha ankara, onyesha ankara zangu, bili zangu, invoice zangu, invoice zote, orodhesha, orodhesha ankara
            ankara ya mwisho, ankara yangu ya mwisho, invoice ya mwisho, historia, ankara za karibuni, za karibuni, ankara za hivi karibuni, list ya ankara, list ya invoice
            """,
            Intent.LIST,
        ),
        **_meaning(
            """
            ankara zilizolipwa, zilizolipwa, nani amelipa, nani ameshalipa, nani kalipa, waliolipa, onyesha zilizolipwa
            nani wamelipa, kina nani wamelipa, ambao wamelipa, invoice zilizolipwa
            """,
            Intent.LIST,
            "paid",
        ),
        **_meaning("rasimu, rasimu zangu, ankara za rasimu, onyesha rasimu", Intent.LIST, "drafts"),
        **_meaning(
            """
            wateja, wateja wangu, orodha ya wateja, list ya wateja, list ya customers, onyesha wateja, nionyeshe wateja, nionyeshe wateja wangu
            """,
            Intent.LIST,
            "customers",
        ),
        **_meaning(
            """
            bidhaa, bidhaa zangu, orodha ya bidhaa, list ya bidhaa, onyesha bidhaa, nionyeshe bidhaa, bei, bei zangu, orodha ya bei
            bei ya bidhaa, vitu ninavyouza, ninachouza, ninauza nini, nauza nini, mnauza nini, stoku, duka langu
            """,
            Intent.PRODUCTS,
        ),
        **_meaning("muhtasari, ripoti, ripoti yangu, mauzo, mauzo yangu, biashara inaendaje, biashara ikoje, nimeuza ngapi, nimeuza kiasi gani, mapato, mapato yangu, nimepata ngapi, nimeingiza ngapi", Intent.SUMMARY),
        **_meaning(
            """
            mauzo ya leo, leo nimeuza ngapi, nimeuza ngapi leo, leo nimeuza kiasi gani, nimeuza kiasi gani leo, ripoti ya leo
            muhtasari wa leo, mapato ya leo, leo nimepata ngapi, nimepata ngapi leo, nimeingiza ngapi leo, leo nimeingiza ngapi
            pesa ngapi imeingia leo, imeingia pesa ngapi leo, leo imeingia ngapi, imeingia ngapi leo, leo pesa ngapi imeingia
            leo nimefanyaje, leo biashara ilikuwaje, nimefanya mauzo gani leo, mauzo leo, hesabu ya leo, hesabu za leo
            """,
            Intent.SUMMARY,
            "today",
        ),
        **_meaning("mauzo ya jana, jana nimeuza ngapi, jana niliuza ngapi, niliuza ngapi jana, ripoti ya jana, muhtasari wa jana, mapato ya jana, hesabu ya jana", Intent.SUMMARY, "yesterday"),
        **_meaning("mauzo ya wiki, mauzo ya wiki hii, wiki hii nimeuza ngapi, nimeuza ngapi wiki hii, ripoti ya wiki, ripoti ya wiki hii, muhtasari wa wiki, muhtasari wa wiki hii, mapato ya wiki hii, hesabu ya wiki", Intent.SUMMARY, "week"),
        **_meaning("mauzo ya wiki iliyopita, wiki iliyopita niliuza ngapi, ripoti ya wiki iliyopita, muhtasari wa wiki iliyopita, mapato ya wiki iliyopita", Intent.SUMMARY, "last_week"),
        **_meaning("mauzo ya mwezi, mauzo ya mwezi huu, mwezi huu nimeuza ngapi, nimeuza ngapi mwezi huu, ripoti ya mwezi, ripoti ya mwezi huu, muhtasari wa mwezi, muhtasari wa mwezi huu, mapato ya mwezi huu, hesabu ya mwezi", Intent.SUMMARY, "month"),
        **_meaning("mauzo ya mwezi uliopita, mwezi uliopita niliuza ngapi, ripoti ya mwezi uliopita, muhtasari wa mwezi uliopita, mapato ya mwezi uliopita", Intent.SUMMARY, "last_month"),
        **_meaning("hali, hali ya ankara, angalia ankara, angalia hali, hali yake", Intent.STATUS),
        **_meaning("tuma tena, itume tena, rudia kutuma, nitumie tena, tuma tena ankara, itume upya, tuma upya", Intent.RESEND),
        **_meaning("risiti, risiti yangu, tuma risiti, nitumie risiti, nitumie risiti yangu, naomba risiti, risiti tena, tuma tena risiti", Intent.RESEND, "receipt"),
        **_meaning("saa za kimya, saa za ukimya", Intent.SETTINGS, "quiet"),
        **_meaning("kumbusha, kumbushia, tuma kikumbusho, tuma kumbusho, kikumbusho, mkumbushe, tuma ukumbusho, kumbusho", Intent.REMIND),
        **_meaning(
            """
            wakumbushe wote, kumbusha wote, wakumbushe wateja wote, kumbusha kila mtu, wakumbushe, mkumbushe kila mtu
            wakumbushe wenye deni, kumbusha wenye deni, kumbusha wateja wote, wakumbushe wadaiwa, wakumbushe wadaiwa wote, kumbusha wadaiwa wote
            """,
            Intent.REMIND,
            "all",
        ),
        **_meaning("futa, futa ankara, ifute, ifutilie mbali, batilisha, batilisha ankara, ibatilishe", Intent.VOID),
        **_meaning("badilisha, badili, rekebisha, hariri, sahihisha, irekebishe, ibadilishe, badilisha kitu, fanya mabadiliko, marekebisho", Intent.CHANGE),
        **_meaning(
            """
            rudisha, rudisha nyuma, tengua, tengua hiyo, itengue, rudi nyuma, rudi, nyuma, tendua, tangua, rudisha ilivyokuwa
            rudisha kama ilivyokuwa, nimekosea rudisha, nimekosea, nimefanya makosa, nimefanya kosa, ni makosa
            """,
            Intent.UNDO,
        ),
        **_meaning(
            """
            rudia, rudia ya mwisho, rudia ile ya mwisho, rudia ankara ya mwisho, kama mara ya mwisho, ile ile, ileile
            kama ya mwisho, kama kawaida, ile ile tena
            """,
            Intent.REPEAT,
        ),
        **_meaning(
            "mipangilio, mpangilio, mipangilio yangu, akaunti yangu, wasifu, wasifu wangu, biashara yangu, mipangilio ya biashara, settings zangu",
            Intent.SETTINGS,
        ),
        **_meaning(
            """
            njia za malipo, njia ya malipo, mipangilio ya malipo, till yangu, paybill yangu, weka till, weka paybill
            ongeza till, ongeza paybill, badilisha till, badilisha paybill, nalipwaje, nitalipwaje, nalipwa vipi
            napokeaje pesa, ninapokeaje malipo, lipa namba yangu, maelezo ya benki, jinsi ya kulipwa, namna ya kulipwa
            """,
            Intent.PAYMENT_SETUP,
        ),
        **_meaning("lugha, badilisha lugha, badili lugha, lugha yangu, lugha zote", Intent.LANGUAGE),
        **_meaning("kiingereza, kwa kiingereza, ongea kiingereza, zungumza kiingereza, kiingereza tafadhali, kizungu, kwa kizungu", Intent.LANGUAGE, "en"),
        **_meaning("kiswahili, kwa kiswahili, ongea kiswahili, zungumza kiswahili, kiswahili tafadhali, sema kiswahili", Intent.LANGUAGE, "sw"),
        **_meaning(
            """
            simama, simamisha, komesha, koma, komeni, acheni, wacheni, usinitumie, jiondoe, niondoe, nitoe, niondoe kwenye orodha, acha kunitumia ujumbe
            acha kunisumbua, usinisumbue, usinisumbue tena, acheni kunitumia, msinitumie, msinitumie tena, msinitumie ujumbe
            acha ujumbe, simamisha ujumbe, usinitumie ujumbe, usinitumie tena, sitaki ujumbe, acha kunitumia
            """,
            Intent.STOP,
        ),
        **_meaning(
            """
            acha vikumbusho, simamisha vikumbusho, sitaki vikumbusho, usinikumbushe, usinikumbushe tena, acha kunikumbusha
            komesha vikumbusho, zima vikumbusho
            """,
            Intent.STOP,
            "reminders",
        ),
        **_meaning("anza, anza tena, nirudishe, endelea kunitumia, jiunge, nirejeshe, nirudishe kwenye orodha", Intent.START),
        **_meaning("washa vikumbusho, rudisha vikumbusho, nitumie vikumbusho, anza vikumbusho, nikumbushe, endelea kunikumbusha", Intent.START, "reminders"),
        **_meaning("ruka, iruke, pita, hakuna, baadaye, sio sasa, si sasa, sina, haina, acha tu", Intent.SKIP),
        **_meaning("tayari, nimemaliza, imekamilika, ni hayo tu, hayo tu, ndio hayo, basi imetosha, imetosha, nimetuma tayari", Intent.DONE),
        **_meaning(
            """
            ndiyo, ndio, ndiyo tafadhali, naam, eeh, ee, ehe, sawa, sawa sawa, sawasawa, sawa kabisa, sawa tu, haya, haya tuma
            kabisa, hakika, nakubali, ninakubali, nimekubali, kubali, thibitisha, nathibitisha, tuma, itume, tuma sasa
            itume sasa, ndiyo tuma, ndio tuma, ndiyo itume, sawa tuma, sawa itume, ok tuma, endelea, ni sahihi, sahihi
            iko sawa, ipo sawa, ni sawa, poa, poa tuma, fiti, iko fiti, safi tuma, yes tuma
            """,
            Intent.YES,
        ),
        **_meaning(
            "hapana, apana, hapna, hapana bado, la, la hasha, siyo, sio, si sahihi, sio sahihi, siyo sahihi, hapana asante, bado, sitaki, nope, zii, aaa hapana",
            Intent.NO,
        ),
        **_meaning(
            """
            asante, asante sana, ahsante, ahsante sana, asanteni, asanteni sana, shukrani, shukran, nashukuru, nakushukuru
            kwaheri, kwa heri, tutaonana, baadaye basi, barikiwa, ubarikiwe, mungu akubariki, safi, safi sana, vizuri
            vizuri sana, kazi nzuri, hongera, shwari kabisa
            """,
            Intent.THANKS,
        ),
        **_meaning(
            """
            habari, habari yako, habari zako, habari zenu, habari gani, habari za asubuhi, habari ya asubuhi
            habari za mchana, habari za jioni, habari ya kazi, habari za kazi, habari za leo, hujambo, hamjambo, jambo
            sijambo, mambo, mambo vipi, mambo poa, vipi, uko vipi, upo vipi, umeshindaje, umeamkaje, salama, salamu
            shikamoo, marahaba, niaje, sasa, xaxa, sema, sema boss, za saa hizi, za siku nyingi, za leo, karibu, hodi
            oya, aisee, mzima, u mzima, habari boss, asalaam aleikum, salaam aleikum
            """,
            Intent.GREETING,
        ),
        **_meaning(
            """
            nimelipa, nimeshalipa, nishalipa, nimekwisha lipa, nimekwishalipa, nilishalipa, tumelipa, tumeshalipa
            nimelipa tayari, tayari nimelipa, nimetuma, nimetuma pesa, nimetuma hela, nimeshatuma, nimeshatuma pesa
            nishatuma, nishatuma pesa, nishatuma hela, pesa nimetuma, hela nimetuma, pesa imetumwa, pesa imeenda
            malipo yamefanyika, malipo nimefanya, nimefanya malipo, imelipwa, nimemaliza kulipa, nimelipia, nishalipia
            nimeshalipia, nimelipa jana, nimeshalipa jana, nishalipa jana, nimelipa leo, nimelipa yote, nimelipa zote, nimelipa bill
            nimesend, nimesend pesa, nishasend, pesa imekwenda, pesa imeshaenda, imeenda, pesa ishaenda, nimekwisha kulipa
            nililipa, nililipa jana, nimekulipa, nimeshakulipa, nishakulipa, nimewalipa, nishawalipa
            """,
            Intent.HAVE_PAID,
        ),
        **_meaning(
            """
            nitumie till, nitumie till number, nitumie till namba, nitumie paybill, nitumie paybill number, tuma till, tuma paybill
            till ni gani, till namba ni gani, till number ni gani, till ni ngapi, till number ni ngapi, paybill ni gani
            paybill number ni gani, paybill ni ngapi, nipe till, nipe till number, nipe paybill, naomba till, naomba till number
            naomba paybill, naomba till namba, namba ya kulipa ni gani, namba ya kulipa, nitumie namba ya kulipa, lipa namba ni gani
            nitumie namba ya till, nitumie account, nitumie akaunti, akaunti ni gani
            """,
            Intent.PAY,
            "by_hand",
        ),
        **_meaning(
            """
            sina pesa, sina hela, sina pesa sasa, sina pesa sasa hivi, sina pesa saa hii, sina pesa leo, sina hela sasa hivi
            sina kitu, sina kitu sasa hivi, siwezi kulipa sasa, siwezi kulipa leo, siwezi kulipa saa hii, nitalipa baadaye
            ntalipa baadaye, nitalipa nikipata, ntalipa nikipata, sijapata pesa, bado sijapata pesa, nimesota
            """,
            Intent.PROMISE,
        ),
        **_meaning(
            """
            lipa, lipa sasa, nataka kulipa, naomba kulipa, nalipaje, nitalipaje, nalipa vipi, nitalipa vipi, naweza kulipa vipi
            nalipia wapi, nilipe wapi, nilipe vipi, nilipeje, jinsi ya kulipa, namna ya kulipa, lipa kwa mpesa
            lipa kwa m-pesa, lipa na mpesa, lipa na m-pesa, lipa ankara, lipa bili, niko tayari kulipa, jaribu tena kulipa
            nalipa aje, nitalipa aje, nalipia aje, nalipa wapi, nitalipa wapi, nilipie wapi, nitume wapi, pesa nitume wapi
            naweza kulipa sasa
            lipa tena, lipia, nataka kulipia, nitumie stk, tuma stk
            """,
            Intent.PAY,
        ),
        **_meaning(
            """
            ona, ona ankara, nionyeshe, nionyeshe ankara yangu, nionyeshe hiyo ankara, onyesha, niione, naomba kuona
            naomba kuiona, nataka kuona, nataka kuiona, ankara yangu, bili yangu, nitumie ankara, nitumie ankara yangu
            naomba ankara yangu, fungua ankara, nitumie bili, nitumie invoice
            nitumie invoice yangu, naomba invoice yangu, kiungo
            """,
            Intent.VIEW,
        ),
        **_meaning("nitumie pdf, tuma pdf, naomba pdf, chapisha, chapisha ankara, print ankara, pakua ankara, pakua pdf", Intent.VIEW, "pdf"),
        **_meaning(
            """
            kiasi si sahihi, kiasi sio sahihi, kiasi siyo sahihi, kiasi kimekosewa, kiasi ni kibaya, bei si sahihi
            bei sio sahihi, bei siyo sahihi, bei imekosewa, hesabu si sahihi, hesabu sio sahihi, hesabu imekosewa
            hiyo si bei, sio hiyo bei, sio kiasi hicho, si kiasi hicho, hatukukubaliana hivyo, pesa ni nyingi mno
            si pesa hiyo, amount iko wrong, sikununua hii, sikununua hiki, sikununua hiyo, sijanunua hii, sijanunua kitu, hii sio yangu
            hii si yangu, hiyo sio yangu, hiyo si yangu, si deni langu, sio deni langu, ankara si sahihi, ankara sio sahihi
            umekosea namba, umekosea nambari, umekosea number, namba si sahihi, wrong namba, si mimi, sio mimi, siyo mimi, mimi si huyo
            mimi sio huyo, mimi si huyo mtu, mimi sio huyo mtu, huyo si mimi, huyo sio mimi, simjui, siwajui, siijui biashara hii
            hatukuelewana hivyo, hatujaelewana hivyo, sikuagiza hii, sikuagiza
            """,
            Intent.WRONG_AMOUNT,
        ),
        **dict.fromkeys(_combined(_SUMS, _NOT_RIGHT), (Intent.WRONG_AMOUNT, None)),
        **_meaning(
            "nipigie, nipigie simu, naomba unipigie, naomba unipigie simu, nipigie tafadhali, unaweza kunipigia, piga simu, nipigie baadaye, tafadhali nipigie, nibip",
            Intent.CALL_ME,
        ),
    }),
    commands=Phrasebook({
        **_meaning(
            """
            hali ya, hali, angalia, angalia hali ya, hali ya ankara ya, hali ya ankara, je, status ya, iko wapi, vipi kuhusu
            """,
            Intent.STATUS,
        ),
        **_meaning(
            """
            mkumbushe, mkumbusheni, umkumbushe, kumbusha, kumbushia, mkumbushie, tuma kikumbusho kwa, tuma kikumbusho cha
            mtumie kikumbusho, tumia kikumbusho, kikumbusho kwa, wakumbushe, kumkumbusha, kukumbusha, tuma reminder kwa
            mfuatilie, fuatilia, remind, nikumbushie, unikumbushie, nimkumbushe, umkumbushie, kumbushia deni
            """,
            Intent.REMIND,
        ),
        **_meaning(
            """
            tuma tena, itume tena, mtumie tena, rudia kutuma, tuma upya, tuma tena ankara ya, tuma tena kwa, tuma tena ankara
            """,
            Intent.RESEND,
        ),
        **_meaning(
            """
            risiti ya, risiti kwa, risiti za, tuma risiti ya, tuma risiti kwa, tuma risiti, nitumie risiti ya, naomba risiti ya
            mtumie risiti, tuma tena risiti ya, tuma tena risiti kwa, risiti
            """,
            Intent.RESEND,
            "receipt",
        ),
        **_meaning("nimenunua, nilinunua, tumenunua, tulinunua, nimetumia, nilitumia, tumetumia, matumizi, gharama, gharama ya, gharama za", Intent.EXPENSE),
        **_meaning(
            """
            kimya kuanzia, kimya kati ya, kimya saa, nyamaza kuanzia, nyamaza kati ya, kaa kimya kuanzia, kaa kimya kati ya
            usiku kimya, usiku kimya kuanzia, saa za kimya, saa za kimya kuanzia, usinitumie ujumbe kuanzia, usisumbue kuanzia
            """,
            Intent.SETTINGS,
            "quiet",
        ),
        **_meaning("ghairi, ghairisha", Intent.CANCEL),
        **_meaning("batilisha, futilia mbali, kubatilisha", Intent.VOID),
        **_meaning("futa, ondoa, toa, kufuta, kuondoa, usiweke", Intent.CHANGE, "remove"),
        **_meaning("ongeza, ongezea, weka na, ongeza pia, pia ongeza, kuongeza, jumlisha", Intent.CHANGE, "add"),
        **_meaning("ona, onyesha, nionyeshe, fungua, niione, nionyeshe ankara ya, onyesha ankara ya", Intent.VIEW),
        **_meaning(
            """
            pdf ya, pdf za, nitumie pdf ya, tuma pdf ya, naomba pdf ya, chapisha, chapa, chapisha ankara ya, pakua, pakua ankara ya
            """,
            Intent.VIEW,
            "pdf",
        ),
        **_meaning("lipa, lipia, nataka kulipa", Intent.PAY),
        **_meaning("msaada, msaada wa, msaada kuhusu, nisaidie kuhusu", Intent.HELP),
        **_meaning("rudisha, tengua", Intent.UNDO),
        **_meaning("orodha ya, orodha, orodhesha", Intent.LIST),
        **_meaning(
            """
            ankara za, ankara zote za, orodha ya ankara za, onyesha ankara za, nionyeshe ankara za, bili za, invoice za
            historia ya, tafuta ankara za, tafuta ankara ya, taarifa ya
            """,
            Intent.LIST,
            "customer",
        ),
        **_meaning("tafuta, nitafutie, kutafuta, bei ya, bei za, bidhaa, tafuta bidhaa, tafuta bei ya, bei gani ya, nauza", Intent.PRODUCTS),
        **_meaning(
            """
            usimkumbushe, acha kumkumbusha, simamisha vikumbusho vya, simamisha vikumbusho kwa, acha vikumbusho vya
            acha vikumbusho kwa, usiwakumbushe, komesha vikumbusho vya
            """,
            Intent.STOP,
            "reminders",
        ),
        **_meaning("tulikubaliana, tulikubaliana ni, tulielewana, tulisema, ulisema, uliniambia, tuliongea", Intent.WRONG_AMOUNT),
        **_meaning(
            """
            rudia, rudia ya mwisho kwa, rudia ya mwisho ya, rudia ankara ya mwisho ya, rudia ankara ya mwisho kwa, rudia kwa
            rudia ankara ya, rudia ile ya, ile ile kwa
            """,
            Intent.REPEAT,
        ),
        **_meaning("lugha, badilisha lugha kuwa, badili lugha kuwa, badilisha lugha iwe, ongea, zungumza, lugha iwe", Intent.LANGUAGE),
        **_meaning(
            """
            badilisha, badili, rekebisha, hariri, sahihisha, ifanye, ifanye iwe, fanya iwe, iwe, weka iwe, weka, nilimaanisha
            namaanisha, badilisha iwe, badili iwe, kumbe, igeuze iwe, kubadilisha
            """,
            Intent.CHANGE,
        ),
        **_meaning(
            """
            mwisho iwe, mwisho uwe, mwisho wa kulipa iwe, mwisho wa kulipa uwe, tarehe iwe, tarehe ya malipo iwe
            tarehe ya kulipa iwe, tarehe ya mwisho iwe, siku ya kulipa iwe, siku iwe
            """,
            Intent.CHANGE,
            "due",
        ),
        **_meaning("deni la, madeni ya, deni la mteja, deni ya, balance ya, salio la", Intent.WHO_OWES, "of"),
    }),
    courtesies_before=_book(
        """
        tafadhali, tafadhali naomba, naomba, naomba unisaidie, naomba unisaidie na, ninaomba, nisaidie, nisaidie kwa
        unaweza, je unaweza, unaweza ku, nataka, ninataka, ningependa, ningetaka, nilitaka, napenda, sawa, haya, basi
        sasa, pia, halafu, kisha, eti, hebu, samahani, bwana, boss, mkuu, hesabu, niaje hesabu, ndugu, kaka, dada, bro
        nahitaji, ninahitaji, tunaomba, buda, maze, msee, please naomba, pole, pole nisamehe, habari ya leo
        """
    ),
    courtesies_after=_book(
        """
        tafadhali, asante, asante sana, ahsante, ahsante sana, basi, sasa, sasa hivi, haraka, kaka, dada, bwana, mkuu
        boss, ndugu, bro, rafiki, nakuomba, leo, yangu, please, mzee, mama
        """
    ),
    greetings=_set(
        "habari hujambo hamjambo jambo mambo vipi niaje salama salamu shikamoo sasa xaxa yako zako zenu ndugu boss bwana "
        "mkuu kaka dada za ya asubuhi mchana jioni leo aisee oya hodi gani"
    ),
    question_starts=_set("je vipi lini wapi nani gani nini mbona unaweza naweza kwanini ngapi inawezekana"),
    mistyped=_set(
        "ankara ghairi msaada menyu badilisha mkumbushe kumbusha lipa orodha bidhaa wateja madeni tengua rudisha batilisha nimelipa amelipa"
    ),
    not_mistyped=_set(
        "ankra ankera sankara ankole amelipwa nimelipwa lima lika lisa lina lia kipa nipa mbinu menya rudishwa orodho "
        "wateule bidha nitalipa atalipa tumelipa wamelipa umelipa alilipa nililipa analipa nalipa "
        "simba kumbuka makumbusho mkumbo badala madini medani"
    ),
    object_fillers=_set(
        "ankara bili invoice invoisi namba nambari na. no no. ya wa za la cha kwa kuhusu mteja wangu yangu hii hiyo ile na juu"
    ),
    all_words=_set("wote zote kila mtu yote mteja wateja wadaiwa"),
    invoice_starts=Phrasebook(dict.fromkeys(_INVOICE_STARTS, True)),
    invoice_givers=_GIVERS,
    for_words=_set("ya za kwa"),
    name_leads=_book(
        """
        mteja wangu, mteja wangu anaitwa, mteja anaitwa, mteja wangu wa jina la, mteja mmoja anaitwa, mtu anaitwa
        mtu mmoja anaitwa, anaitwa, jina lake ni, jina lake, jina ni, customer wangu, customer anaitwa, customer wangu anaitwa
        """
    ),
    amount_leads=_book("kiasi, kiasi cha, kiasi ni, kiasi chake ni, thamani ya, yenye thamani ya, ya thamani ya, bei yake ni, gharama yake ni, gharama ni"),
    to_words=_set("kutoka toka kwenda"),
    at_words=_set("@"),
    each_phrases=_book("\n".join(_EACH)),
    times_words=_set("x × *"),
    count_leads=_set("qty"),
    and_words=_set("na & +"),
    total_phrases=_book("jumla, jumla ya, jumla ni, jumla yake, jumla yake ni, kwa jumla, jumla kuu, kwa pamoja, yote kwa pamoja, jumla yote, ="),
    units=_MEASURES,
    numbered=_set("namba nambari na. nyumba chumba kitalu ploti awamu darasa kidato gorofa ghorofa meza toleo mlango stendi duka shamba bloku simu"),
    name_links=_set("na & wa bin binti la ya za cha al el"),
    labels={
        "jina": "customer", "mteja": "customer", "jina la mteja": "customer", "kwa": "customer", "simu": "phone",
        "namba": "phone", "nambari": "phone", "namba ya simu": "phone", "nambari ya simu": "phone", "whatsapp": "phone",
        "bidhaa": "description", "huduma": "description", "maelezo": "description", "kazi": "description", "kitu": "description",
        "vitu": "", "kiasi": "", "bei": "", "jumla": "", "gharama": "", "siku ya kulipa": "due", "tarehe ya kulipa": "due",
        "tarehe": "due", "mwisho": "due", "alipe": "due", "ilipwe": "due", "vat": "", "kodi": "", "punguzo": "",
    },
    phone_labels=_set("simu namba nambari no no. whatsapp ya yake tel"),
    polite_lines=_set("asante ahsante sana tafadhali shukrani karibu tena mungu akubariki"),
    not_a_customer=_set(
        "mimi sisi wewe ninyi nyinyi yeye wao hii hiyo huyu huyo hizi hizo ile zile hapa hapo huku kuna hakuna ni si sio siyo "
        "kwa ya na za wa la katika kwenye nani nini lini wapi vipi je gani nataka naomba nimelipa nimetuma nimepokea "
        "samahani tafadhali asante ndiyo ndio hapana leo kesho jana juzi lakini kama ikiwa ila au bado tayari nina una ana "
        "tuna wana nilikuwa nitakuwa niko uko yuko tuko wako mbona kwanini sasa basi pia ananidai wananidai unanidai"
    ),
    names_too=_set("ana nina juma"),
    tax_phrases=Phrasebook({
        **_taxes(
            """
            ongeza TAX, ongeza % TAX, ongeza TAX %, ongeza TAX ya %, weka TAX, weka TAX ya %, weka TAX juu, plus TAX, plus % TAX
            + TAX, + % TAX, + TAX ya %, + TAX %, plus TAX ya %, TAX juu, TAX juu yake, TAX % juu, TAX % juu yake, TAX ya % juu, TAX ya % juu yake, % TAX juu
            % TAX juu yake, na TAX juu, na TAX juu yake, TAX iongezwe, TAX itaongezwa, TAX iongezwe juu, TAX iwe juu
            TAX haijajumuishwa, TAX haimo, haijajumuisha TAX, bila kujumuisha TAX, bila kuhesabu TAX, kabla ya TAX
            TAX nje, TAX kando, TAX mbali, ukiondoa TAX, juu yake TAX, juu TAX, TAX on top
            """,
            TaxMode.EXCLUSIVE,
        ),
        **_taxes(
            """
            pamoja na TAX, pamoja na TAX ya %, pamoja na % TAX, pamoja na TAX %, ikiwa na TAX, ikiwa na TAX ndani
            ikijumuisha TAX, ikiwemo TAX, TAX ikiwemo, TAX ikiwa ndani, TAX imejumuishwa, TAX imo, TAX imo ndani
            TAX ndani, TAX ndani yake, na TAX ndani, na TAX ndani yake, TAX iko ndani, TAX ipo ndani, inajumuisha TAX
            TAX % ndani, TAX ya % ndani, % TAX ndani, TAX inclusive, yenye TAX ndani
            """,
            TaxMode.INCLUSIVE,
        ),
        **_taxes(
            """
            bila TAX, pasipo TAX, hakuna TAX, haina TAX, isiyo na TAX, TAX sifuri, usiweke TAX, bila ya TAX, sina TAX
            imesamehewa TAX, ondoa TAX, toa TAX, hamna TAX, no TAX, 0% TAX, TAX 0%
            """,
            TaxMode.NONE,
        ),
        **_taxes("TAX ya %, TAX %, % TAX, na TAX ya %, na % TAX", None),
        "na vat": None, "yenye vat": None, "yenye kodi": None,
    }),
    tax_words={
        **dict.fromkeys(("ndani", "imejumuishwa", "ikiwemo", "pamoja", "ikijumuisha", "imo"), TaxMode.INCLUSIVE),
        **dict.fromkeys(("juu", "ongeza", "nje", "kando", "iongezwe"), TaxMode.EXCLUSIVE),
        **dict.fromkeys(("bila", "hakuna", "hapana", "sifuri", "hamna", "sina", "haina", "la"), TaxMode.NONE),
    },
    discount_before=_book(
        """
        punguzo, punguzo la, punguzo ni, na punguzo la, na punguzo, kwa punguzo la, kwa punguzo, punguza, ukipunguza
        ipunguzwe, ipunguze, mpunguzie, nimempunguzia, discount ya, kasoro, shusha, baada ya punguzo la, less
        """,
        weak="toa, ondoa, tukipunguza",
    ),
    discount_after=_book("punguzo, ya punguzo, discount, off, ipunguzwe, ya discount"),
    due_leads=_book(
        """
        alipe, alipe kabla ya, alipe kufikia, alipe ifikapo, alipe hadi, alipe mpaka, alipe by, walipe
        walipe kabla ya, walipe kufikia, lipa, lipa kabla ya, lipa kufikia, lipa by, ilipwe, ilipwe kabla ya
        ilipwe kufikia, ilipwe ifikapo, ilipwe na, ilipwe by, zilipwe, zilipwe kabla ya, alipie
        kabla ya, ifikapo, kufikia, kufika, hadi, mpaka, mwisho ni, mwisho, mwisho wa kulipa, mwisho wa kulipa ni
        siku ya kulipa, siku ya kulipa ni, tarehe ya kulipa, tarehe ya kulipa ni, tarehe ya mwisho, tarehe ya mwisho ni
        muda wa kulipa, malipo kabla ya, malipo kufikia, malipo ifikapo, malipo ni, malipo, atalipa, atalipia, kulipwa
        kulipwa kabla ya, due, due ni, deadline, deadline ni, inatakiwa, itakiwe, isizidi, isizidi tarehe, inadaiwa
        """
    ),
    due_words=_set("ilipwe ifikapo zilipwe"),
    months={
        "januari": 1, "februari": 2, "feb": 2, "machi": 3, "aprili": 4, "mei": 5, "juni": 6, "julai": 7, "agosti": 8, "ago": 8,
        "septemba": 9, "oktoba": 10, "okt": 10, "novemba": 11, "desemba": 12, "disemba": 12, "des": 12,
    },
    weekdays={
        "jumatatu": 0, "jumanne": 1, "jumatano": 2, "alhamisi": 3, "alhamis": 3, "ijumaa": 4, "jumamosi": 5, "jumapili": 6,
        "jtatu": 0, "jnne": 1, "jtano": 2, "alh": 3, "ijm": 4, "jmosi": 5, "jpili": 6, "j'tatu": 0, "j'nne": 1, "j'tano": 2,
        "j'mosi": 5, "j'pili": 6, "j3": 0, "j4": 1, "j5": 2, "j1": 5, "j2": 6, "jumatat": 0, "jumaane": 1, "jumaamosi": 5,
        "alhamiis": 3, "ijuma": 4, "jumapil": 6,
    },
    day_phrases=Phrasebook({
        "leo": "today", "leo hii": "today", "leo jioni": "today", "leo usiku": "today", "sasa hivi": "today", "hivi sasa": "today",
        "mara moja": "today", "papo hapo": "today", "akipokea": "today", "akiipokea": "today", "akiipata": "today",
        "kesho": "tomorrow", "kesho asubuhi": "tomorrow", "kesho mchana": "tomorrow", "kesho jioni": "tomorrow",
        "keshokutwa": "day_after_tomorrow", "kesho kutwa": "day_after_tomorrow", "kesho-kutwa": "day_after_tomorrow",
        "mtondo": "third_day", "mtondogoo": "fourth_day", "jana": "yesterday", "juzi": "day_before_yesterday",
        "mwisho wa mwezi": "end_of_month", "mwisho wa mwezi huu": "end_of_month", "mwishoni mwa mwezi": "end_of_month",
        "mwishoni mwa mwezi huu": "end_of_month", "mwisho mwezi": "end_of_month", "mwezi ukiisha": "end_of_month",
        "mwezi huu": "end_of_month", "end month": "end_of_month", "mwisho wa mwezi ujao": "end_of_next_month",
        "mwishoni mwa mwezi ujao": "end_of_next_month", "mwisho wa wiki": "end_of_week", "mwisho wa wiki hii": "end_of_week",
        "mwishoni mwa wiki": "end_of_week", "mwishoni mwa wiki hii": "end_of_week", "wikendi": "end_of_week",
        "wikiendi": "end_of_week", "wiki hii": "end_of_week", "mwisho wa mwaka": "end_of_year",
        "mwishoni mwa mwaka": "end_of_year", "wiki ijayo": "next_week", "juma lijalo": "next_week",
        "wiki inayokuja": "next_week", "mwezi ujao": "next_month", "mwezi unaokuja": "next_month",
        "mwanzo wa mwezi ujao": "first_of_next_month", "mwanzoni mwa mwezi ujao": "first_of_next_month",
        "mwanzo wa mwezi": "first_of_next_month", "mwisho wa": "end_of", "mwishoni mwa": "end_of",
    }),
    in_words=frozenset(),
    next_words=frozenset(),
    this_words=frozenset(),
    last_words=frozenset(),
    newest_words=_set("mwisho karibuni"),
    on_words=_set("ni : - ,"),
    of_words=_set("ya wa la za cha vya mwa"),
    spans={
        "siku": "day", "wiki": "week", "majuma": "week", "mwezi": "month", "miezi": "month", "mwaka": "year", "miaka": "year",
    },
    ordinal_endings=frozenset(),
    small_numbers=_NUMBERS,
    tens=_TENS,
    multipliers={},
    suffixes={"k": 1000, "elfu": 1000, "laki": 100_000},
    half_words=frozenset(),
    one_words=_set("moja"),
    unreadable=frozenset(),
    only_words=_set("tu pekee"),
    methods={
        "taslimu": "cash", "taslim": "cash", "keshi": "cash", "kash": "cash", "cash": "cash", "mkononi": "cash", "mpesa": "mpesa",
        "m-pesa": "mpesa", "pesa": "mpesa", "emupesa": "mpesa", "till": "mpesa", "paybill": "mpesa", "benki": "bank",
        "benk": "bank", "hundi": "cheque", "cheki": "cheque", "kadi": "card", "airtel": "airtel",
    },
    code_labels=_set("msimbo kodi namba nambari kumbukumbu risiti muamala code ref ya"),
    paid_words=_set(
        "amelipa ameshalipa amekwishalipa ameshamaliza amelipia kalipia ameniwekea ameshaniwekea kaniwekea amenitumia kanitumia ameshanitumia amelipia ameshalipia alilipa alishalipa kalipa keshalipa kashalipa "
        "ashalipa wamelipa wameshalipa washalipa imelipwa imeshalipwa ishalipwa zimelipwa ilipwa amenilipa ameshanilipa amepay ameshapay kapay "
        "kanilipa amemaliza ametulipa wamenilipa ametuma ameshatuma katuma"
    ),
    received_words=_set("nimepokea tumepokea nimelipwa tumelipwa nimeshalipwa nimepata tumepata nishapokea nimeshapokea nilipokea"),
    i_words=_set("mimi sisi tayari"),
    first_person=_set("mimi sisi"),
    setup_words=Phrasebook({
        "till": "till", "lipa namba": "till", "till namba": "till", "namba ya till": "till", "buy goods": "till", "paybill": "paybill",
        "pay bill": "paybill", "namba ya kampuni": "paybill", "namba ya biashara": "paybill", "pochi": "phone",
        "mpesa": "phone", "m-pesa": "phone", "namba yangu": "phone", "nambari yangu": "phone", "simu yangu": "phone",
        "namba yangu ya simu": "phone", "namba yangu ya mpesa": "phone", "namba yangu ya m-pesa": "phone",
        "benki": "bank", "akaunti ya benki": "bank", "akaunti yangu ya benki": "bank",
    }),
    setup_fillers=_set(
        "napokea ninapokea tunapokea nalipwa tunalipwa nilipwe tulipwe nipokee kwa kupitia kwenye yangu yetu ni namba nambari ya "
        "weka ongeza badilisha tumia iwe kuwa nilipe mnilipe watumie walipe malipo pesa hela na la biashara mpya : = # - "
        "jina simu mimi sasa"
    ),
    account_words=_set("akaunti akaunt ac a/c"),
    wants_to_pay=_book(
        """
        anataka kulipa, angependa kulipa, anaomba kulipa, ataka kulipa, anataka kunilipa
        """
    ),
    promise_starts=_book(
        """
        nitalipa, ntalipa, nta lipa, nitailipa, nitakulipa, ntakulipa, nitawalipa, tutalipa, tutawalipa, nitatuma, ntatuma
        nitatuma pesa, ntatuma pesa, nitatuma hela, nitakutumia, nitakutumia pesa, nitamaliza, nitamaliza kulipa
        nitamalizia, ntamalizia, naahidi kulipa, nimeahidi kulipa, nitalipia, ntalipia, nitajaribu kulipa, niko tayari kulipa
        """,
        weak="""
        nalipa, ninalipa, nitatoa, naomba mpaka, naomba hadi, naomba muda mpaka, naomba muda hadi, nipe mpaka, nipe hadi
        nipe muda mpaka, nipe muda hadi, nipatie mpaka, nisubiri mpaka, nisubiri hadi, niongezee muda mpaka
        niongezee muda hadi, mnisubiri mpaka, nivumilie mpaka, subiri mpaka, subiri hadi, kulipa, nitapata pesa, nitakuwa nayo
        naomba unipe mpaka, naomba unipe hadi, naomba nilipe, nilipe
        """,
    ),
    change_fields={
        "kiasi": "amount", "bei": "amount", "jumla": "amount", "gharama": "amount", "pesa": "amount", "siku": "due",
        "tarehe": "due", "muda": "due", "simu": "phone", "namba": "phone", "nambari": "phone", "namba ya": "phone",
        "jina": "customer", "mteja": "customer", "maelezo": "description", "bidhaa": "description", "kazi": "description",
        "huduma": "description", "amana": "deposit", "arubuni": "deposit", "malipo ya": "deposit", "deposit": "deposit", "idadi": "quantity", "punguzo": "discount", "kodi": "tax", "vat": "tax",
        "lugha": "language",
    },
    languages={
        "kiingereza": "en", "kingereza": "en", "kizungu": "en", "english": "en", "kiswahili": "sw", "swahili": "sw",
    },
    yes=_set("ndiyo ndio naam eeh ee ehe sawa sawasawa haya kabisa hakika nakubali kubali thibitisha sahihi tuma itume poa fiti endelea 1"),
    no=_set("hapana la siyo sio bado sitaki usitume acha wacha ghairi zii 2"),
    article_words=_set("mpya nyingine moja"),
    the_words=frozenset(),
    day_words=frozenset(),
    net_words=frozenset(),
    or_words=_set("au ama"),
    is_words=_set("ni ya la"),
    nobody=_set("mimi yeye wao sisi mtu mteja huyu huyo wangu yule hii hiyo yangu yake wake ya wa la kwa na za"),
    owe_words=_set("namdai ninamdai anadaiwa"),
    owes_me=_book("ana deni yangu, ana deni yangu ya, ana deni langu ya, ana deni ya, anadaiwa, anadaiwa na mimi, ananiowe, anani owe, ana ni owe, ameniowe, ana deni la, ana deni langu la, ana deni langu, ana deni"),
    document_words=_set("ankara bili invoisi invoice"),
    number_words=_set("namba nambari na. no no."),
    after_object=_set("alipe alipie deni lake yake lipa malipo kulipia tena tafadhali sasa leo amelipa ameshalipa alilipa kulipa bado ngapi imelipwa imeshalipwa basi haraka yangu kesho"),
    send_words=_set("tuma tumia mtumie"),
    pay_words=_set("kulipa alilipa amelipa"),
    sent_words=frozenset(),
    mark_words=_set("weka andika rekodi"),
    payment_words=_set("malipo"),
    split_verbs=_set("nime nisha nimesha nita ame ata amesha tume tuta wame wata hawaja haja sija kime ime ishe"),
    unpaid_words=_set("hajalipa hajanilipa hajatuma hajanitumia hakulipa hajatulipa hajamaliza hawajalipa hawajanilipa"),
    not_words=_set("hajawahi"),
    auxiliaries=_set("tayari ndiyo ndio sasa bado pia leo jana kwa-kweli"),
    waiting_words=_set("naomba nipe nipatie nisubiri niongezee mnisubiri nivumilie subiri nitapata nitakuwa"),
    paid_fillers=_set(
        "kwa na kutoka toka kupitia njia ya za tayari yote zote nusu kamili leo jana juzi sasa hivi pesa hela malipo kama kuwa "
        "imelipwa kwenye yangu yake yenu hapo huo hiyo ile kwangu ni"
    ),
    change_fillers=_set("ya ile hiyo hii ankara yake"),
    change_links=_set("iwe liwe kiwe uwe awe yawe viwe ziwe wawe simu kuwa kwenye katika cha za ni ya hadi mpaka kwenda la kulipa kwa"),
    answer_fillers=_set("ni bei kiasi jumla tu ya shilingi iwe hiyo yote pesa kama hivi sawa"),
    name_fillers=_set("ni jina mteja kwa anaitwa lake yake huyo :"),
    description_leads=_set("ya za kwa ajili na ni la cha kuhusu & + - wa"),
    description_ends=_set("ya za kwa na ni la & + - tu"),
    possessive_endings=frozenset(),
    deposit_before=_book(
        """
        malipo ya awali, malipo ya awali ya, malipo ya awali ni, na malipo ya awali ya, na malipo ya awali, amana, amana ya
        amana ni, na amana ya, na amana, arubuni, arubuni ya, arbuni, kianzio, kianzio cha, na kianzio cha, kitangulizi
        kitangulizi cha, malipo ya mwanzo, malipo ya mwanzo ya, deposit ya, deposit, na deposit ya, atangulize, aanze kulipa
        alipe kwanza, advance ya, atatanguliza, ametanguliza, atanguliza, atangulize kulipa, atalipa kwanza, ataanza na, aanze na
        tanguliza, ya kutanguliza
        """
    ),
    deposit_after=_book(
        """
        mbele, kwanza, awali, ya awali, kama amana, kama malipo ya awali, malipo ya awali, alipe kwanza, ya kuanzia, ya mwanzo
        amana, arubuni, kianzio, deposit, advance, ya amana, kama kianzio, kama deposit, ilipwe kwanza
        """
    ),
    shares=Phrasebook({"nusu": 50, "nusu yake": 50, "robo": 25, "robo yake": 25, "robo tatu": 75}),
    percent_words=_book("asilimia, percent"),
    percent_before=_set("asilimia"),
    channels={
        "sms": "sms", "ujumbe": "sms", "meseji": "sms", "mesej": "sms", "barua pepe": "email", "baruapepe": "email", "email": "email",
        "imeili": "email", "whatsapp": "whatsapp", "watsap": "whatsapp", "wasapu": "whatsapp",
    },
    channel_leads=_set("kwa kupitia na via kama wa"),
    instead_words=_set("badala yake tafadhali sasa basi asante"),
    common_words=_set(
        "ya na za wa kwa ni la cha vya si je au ama tu pia sana hii hiyo huu huo hizi ile kila moja mbili tatu nne tano sita saba nane "
        "tisa kumi elfu mia laki milioni nusu leo kesho jana ijayo ujao wiki mwezi siku tarehe ankara malipo lipa kulipa nimelipa "
        "amelipa pesa hela deni nani nini lini wapi vipi ngapi tafadhali naomba nataka asante punguzo kodi bila pamoja alipe tuma "
        "mtumie nitumie hapana ndiyo ndio sawa kazi nywele nguo chakula maji nyumba gari viatu mkate maziwa sukari unga mchele "
        "usafiri fundi shamba duka"
    ),
    leading_multipliers={
        "elfu": 1000, "alfu": 1000, "mia": 100, "laki": 100_000, "milioni": 1_000_000, "milion": 1_000_000, "million": 1_000_000,
        "bilioni": 1_000_000_000, "ngiri": 1000, "thao": 1000, "thau": 1000, "buku": 1000, "soo": 100,
    },
    bare_multipliers=_set("elfu laki milioni milion bilioni thao"),
    parts={"nusu": "0.5", "robo": "0.25", "half": "0.5"},
    ordinals={
        "kwanza": 1, "mosi": 1, "pili": 2, "tatu": 3, "nne": 4, "tano": 5, "sita": 6, "saba": 7, "nane": 8, "tisa": 9, "kumi": 10,
    },
    date_leads=_set("tarehe tar tarhe trh"),
    month_leads=_book("mwezi wa, mwezi, wa mwezi wa, ya mwezi wa"),
    weekday_leads=_book("siku ya"),
    while_leads=_book("baada ya, ndani ya, katika, katika muda wa, ndani ya muda wa, kwa muda wa, in, within, after"),
    next_behind=_set("ijayo ujao lijalo zijazo yajayo inayokuja unaokuja linalokuja zinazokuja inayofuata"),
    this_behind=_set("hii huu hili"),
    last_behind=_set("iliyopita uliopita lililopita ilopita iliyoisha"),
    name_days=_set("leo jana"),
    behind_count=_set("ya za wa la cha vya"),
    its_words=_set("yake yao hiyo hii"),
    documents_words=_set("ankara bili invoice"),
    repeat_ends=_book(
        """
        tena, kama kawaida, ile ile, ileile, kama ya mwisho, kama mara ya mwisho, kama zamani, kama ile ya mwisho, kama awali
        kama mwezi uliopita, kama wiki iliyopita, vile vile, kama kila siku
        """
    ),
    self_paid_words=_set(
        "nimelipa nimeshalipa nishalipa nimepay nimekwishalipa nilishalipa nililipa tumelipa tumeshalipa nimelipia nimeshalipia nishalipia"
    ),
    self_sent_words=_set("nimetuma nimeshatuma nishatuma tumetuma nimekutumia nimewatumia nimeshakutumia nishakutumia nilituma"),
    claim_words=_set("namdai ninamdai nadai ninadai"),
    how_much=_book("kiasi gani, ngapi, pesa ngapi, shilingi ngapi, hela ngapi, how much"),
    rent_words=_set("kodi"),
    name_heads=_set(
        "kampuni shule sekondari duka hoteli kanisa msikiti chuo hospitali zahanati chama saluni ofisi kikundi shirika benki mgahawa "
        "mkahawa taasisi kaunti serikali ushirika mama baba"
    ),
    correction_leads=_book(
        """
        hapana, hapana samahani, samahani, la, siyo hiyo, sio hiyo, si hiyo, nimekosea, subiri, ngoja, pole, kumbe, aah, iwe
        ifanye, ifanye iwe, fanya iwe, namaanisha, nilimaanisha, ni, kiasi ni, bei ni, jumla ni, badilisha iwe
        """
    ),
    plural_beginnings={"mi": "m", "vi": "ki", "ma": ""},
    behind_numbers={**_NUMBERS, **_TENS},
    led_units=_LED_UNITS - {"idadi"},
    price_words=_set("kwa bei"),
)  # fmt: skip
