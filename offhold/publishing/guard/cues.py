"""What the words around a number say about whose it is. Folded: lower case, no accents. Pure.

Every pattern is applied to a few dozen characters beside what was found, never to the whole text.
"""

from __future__ import annotations

import re

_NEAR = r"[^.!?\n]{0,32}$"

# The customer's own number: "we will call you on ...", "is ... still your number?"
THEIR_NUMBER = re.compile(
    r"""(?:
    \b(?:call|called|calling|text|ring|rang|phone|phoned|reach|contact)\ (?:you|him|her)\b(?!\ (?:can|may|should))
    | \byour\ (?:[\w']+\ ){0,2}?(?:phone|mobile|number|cell|landline|telephone)\b
    | \bnumber\ (?:we\ have\ |on\ file\ )?for\ you\b
    | \b(?:le|te|les|os)\ (?:llam|escrib|contact)\w+ | \bllamar(?:le|te|les)\b | \bescribir(?:le|te)\b
    | \b(?:su|tu)\ (?:numero|movil|telefono|celular)\b
    | \bwir\ (?:rufen|erreichen)\ (?:sie|dich)\b | \b(?:hat|haben|hatte|konnten?)\ (?:sie|dich)\b
    | \b(?:ihre|deine|ihrer|deiner)\ (?:\w*nummer|handy)\b
    | \bvous\ (?:appel|rappel|joindre|contact|ecri)\w* | \bvotre\ (?:portable|numero|telephone|mobile)\b
    | \b(?:ligar|telefonar|falar|enviar)-(?:lhe|te)\b | \bfalar\ (?:consigo|com\ voce|contigo)\b
    | \bligamos\ para\b | \b(?:seu|teu)\ (?:numero|telemovel|telefone|celular)\b
    )"""
    + _NEAR,
    re.VERBOSE,
)
THEIR_NUMBER_BEHIND = re.compile(
    r"[ ,]{0,2}(?:is |as |)?(?:still )?(?:your|su|tu|ihre|deine|votre|o seu|noch ihre|toujours votre)\b"
    r"(?! (?:local|nearest))"
)
# The company's, or a place's: "call us on ...", "the hotel is on ..."
OUR_NUMBER = re.compile(
    r"""
    \b(?:call|ring|phone|contact|reach|dial|text|whatsapp)\ (?:us|our|them|the|with)\b
    | \bgive\ \w+\ (?:[\w']+\ )?a\ call
    | \b(?:calling|hotline|helpline|helpdesk|call\ cent(?:re|er)|customer\ (?:service|relations|care)|reservations?)\b
    | \b(?:desk|team|office|store|shop|branch|hotel|restaurant|airport|department|dept|lines?|services?|support)\b
    | \b(?:toll|by\ phone|speak\ (?:to|with)|reached|please\ (?:call|ring|dial|phone)|pls\ (?:call|ring))\b
    | \b(?:experts?|reps?)\b
    | \b(?:these|their|the|this)\ numbers?\b
    | \b(?:nuestr|unser|notre|nos|noss)\w*\ (?:\w+\ )?(?:telefono|numero|nummer|telefon|ligne|linea|telefone|linha)
    | \b(?:specialists?|location|free\ of\ charge|our|a\ (?:call|shout|ring)|call)\ (?:\w+\ )?(?:at|on|is|@)?\ ?$
    | \b(?:llamen?os|llamanos|llame|llamen|llamar\ a|contacte|tienda|oficina|hotel|atiende|atendemos|gratuito)
    | \b(?:rufen\ sie\ uns|ruf\ uns|uns\ unter|erreichen\ sie|erreichst\ du|erreichbar|hotline|filiale|laden|hotel)\b
    | \b(?:appelez|contactez|joignable|repond|boutique|magasin|service|standard|hotel|assistance|gratuit)
    | \b(?:ligue|ligar\ para\ (?:a|o|nos)|contacte|loja|atende|apoio|hotel|linha|gratis|central)
    """,
    re.VERBOSE,
)
OUR_NUMBER_BEHIND = re.compile(
    r"[^.!?\n]{0,24}\b(?:lines|open|24/7|toll|option|and (?:our|a|an|they)|gratis|kostenlos)\b"
)
# No telephone number at all
OUR_NUMBER_OF_A_THING = re.compile(
    r"""(?:
    \b(?:orders?|parcel|tracking|shipment|package|ref|reference|case|ticket|booking|invoice|serial|model|version|v|isbn
    |article|item|sku|flights?|code|account|id|pnr|sr|awb|upc|imei|claim|incident|file|confirmation|page|update)
    | \b(?:pedido|envio|paquete|referencia|reserva|factura|localizador|expediente|version|articulo|vuelo|codigo)
    | \b(?:sendung|paket|bestellung|auftrag|rechnung|artikel|buchung|vorgang|fall|flug|sendungsnummer|bestellnummer)
    | \b(?:colis|commande|dossier|facture|reservation|vol|suivi|piece)
    | \b(?:encomenda|fatura|processo|voo|peca)
    )
    (?:\ (?:number|no|nr|num|id|code|is|numero|nummer|n|o|es|ist|est|e))*[\ .:\#°\-]*$""",
    re.VERBOSE,
)

# Where somebody lives, or where the company is
THEIR_ADDRESS = re.compile(
    r"""(?:
    \byour\ (?:\w+\ ){0,2}(?:address|home|house|flat|apartment|door|place|card|order|parcel)\b
    | \byou\ (?:still\ )?live\b
    | \blive(?:s)?\ (?:at|in)\b | \b(?:deliver|send|sent|ship|shipped)\w*\ (?:it\ |them\ |this\ )?to\b
    | \brecords\ say\b
    | \bsu\ (?:casa|domicilio|direccion)\b | \bviv(?:e|es|iendo)\b | \benvi(?:amos|aremos|ado)\b
    | \b(?:wohnen|wohnst)\b | \bbei\ ihnen\b | \bihre\ (?:adresse|anschrift)\b | \bgeht\ an\b
    | \bhabitez?\b | \bchez\ vous\b | \bvotre\ (?:adresse|domicile)\b | \benvoy\w+
    | \bmora\b | \bsua\ casa\b | \b(?:sua|seu)\ (?:morada|endereco)\b | \benviamos\b
    )""",
    re.VERBOSE,
)
OUR_ADDRESS = re.compile(
    r"""
    \b(?:stores?|shops?|branch(?:es)?|offices?|visit|desk|lounge|stop\ by|find\ us|located|location|restaurant|hotel
    |airport|depot|terminal|stadium|museum|headquarters|hq|write\ to|campaign|near|event|venue|clinic)\b
    | \bcome\ (?:by|over)\b | \bour\ (?:\w+\ ){0,2}(?:is|are)\b | \bwe(?:'re|\ are)\ at\b
    | \b(?:tienda|oficina|le\ esperamos|visite|terminal|hotel|campana|local|sucursal|restaurante|venga)\b
    | \b(?:filiale|laden|geschaft|fundburo|vorbei|hotel|buro|schalter|terminal|restaurant|besuchen)\b
    | \b(?:boutique|magasin|venez|objets\ trouves|bureau|hotel|agence|terminal|restaurant|jeu)\b
    | \b(?:loja|apareca|perdidos|balcao|hotel|agencia|terminal|restaurante|campanha|visite)\b
    """,
    re.VERBOSE,
)
