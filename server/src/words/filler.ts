/** What says nothing of a picture: function words of English and German, and what sentences about pictures are made of. */
const fillers = new Set(
  (
    'a about above across after against all along also am an and any are around as at be because been before behind being ' +
    'below beside besides between both but by can close could depict depicted depicting depicts description did do does doing ' +
    'down during each either else etc every feature features featuring few for from further front got had has have having he her here ' +
    'hers him his how however i if image images in into is it its itself just like likely looking lots made make many may maybe me might more ' +
    'most mostly much my near nearby neither nor of off on once one ones only onto or other others our out over own part partly per ' +
    'perhaps photo photograph photographs photos picture pictured pictures placed possibly probably quite rather same seem seems seen several ' +
    'she should show showing shown shows side slightly so some something such than that the their them then there these they ' +
    'thing things this those though through to together too toward towards two under until up upon us very view visible was we were what ' +
    'when where which while who whose will with within would you your ' +
    'aber alle als also am an andere anderen auch auf aus bei beim bild bilder bin bis da dabei damit dann das dass dem den der des die dies ' +
    'diese diesem diesen dieser dieses doch dort durch ein eine einem einen einer eines er es etwa etwas foto fotos für ganz gegen ' +
    'haben hier hinter ich ihm ihn ihr ihre im in ins ist ja jede jeder jedes kann mehr mehrere mein meine mit nach neben noch nun nur ob oder ' +
    'schon sehr sein seine sich sie sieht sind so über um und uns unser unter viel viele vom von vor waren was wegen weil ' +
    'weiter welche wenn wer wie wieder wird wo wurde wurden zeigt zu zum zur zwei zwischen'
  ).split(' '),
)

/** What turns the next word into one that is not wanted. */
const negations = new Set('not no without nicht kein keine keinen keinem keiner ohne'.split(' '))

/** @param word in lower case */
export function isFiller(word: string): boolean {
  return fillers.has(word)
}

/** @param word in lower case */
export function isNegation(word: string): boolean {
  return negations.has(word)
}
