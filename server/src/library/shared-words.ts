/** What says nothing of a picture: function words of English and German, and what sentences about pictures are made of. */
const empty = new Set(
  (
    'a about above across after against all along also an and any are around as at be been before behind being ' +
    'below beside between both but by can close could depicted depicts description did do does down during each few for from ' +
    'front further had has have having he her here hers him his how i if image in into is it its itself just ' +
    'like likely looking made many may more most mostly much near no nor not of off on once one only onto or other our out ' +
    'over own part partly photo photograph picture placed possibly probably same several she should show showing shows side ' +
    'slightly so some such than that the their them then there these they this those through to together too toward ' +
    'towards two under until up upon us very view was we were what when where which while who whose will with within ' +
    'without would you your ' +
    'aber alle als am an auch auf aus bei bild bis das dass dem den der des die dies diese dieser durch ein eine einem ' +
    'einen einer eines er es etwa foto für hat hinter ihr im in ist mehr mit nach neben nicht noch nur oder ohne sehr sich sie ' +
    'sind so über um und unter vom von vor war was weiter wie wird zu zum zur zwei zwischen'
  ).split(' '),
)

const words = new Intl.Segmenter('en', { granularity: 'word' })
const shortest = 3

/** The words that both texts use and that say something, as the first has them and in its order. */
export function sharedWords(one: string, other: string): string[] {
  const theirs = new Set(telling(other))
  return [...new Set(telling(one))].filter((word) => theirs.has(word))
}

function telling(text: string): string[] {
  const found: string[] = []
  for (const { segment, isWordLike } of words.segment(text.toLowerCase())) {
    if (!isWordLike || empty.has(segment) || /\d/.test(segment)) continue
    // Where scripts have a sign for a word, one is long enough.
    if (segment.length >= shortest || /[^\p{Script=Latin}]/u.test(segment)) found.push(segment)
  }
  return found
}
