import type { LookalikeApiError } from '@lookalike/sdk'
import type { Told } from '../problems.ts'

/** What the server says in English, by its kind; what only the server knows of it stands beside. */
export const problems: Record<LookalikeApiError['problem']['code'], Told> = {
  missing_file: {
    title: 'Es wurde kein Bild gesendet',
    detail: 'Wähle ein Bild und versuche es noch einmal.',
  },
  invalid_image: {
    title: 'Dieses Bild kann Lookalike nicht lesen',
    detail: 'Die Datei ist kein Bild, beschädigt oder in einem Format, das hier niemand kennt.',
  },
  image_too_many_pixels: {
    title: 'Das Bild hat zu viele Bildpunkte',
    detail: 'Verkleinere es und versuche es noch einmal.',
  },
  invalid_parameter: {
    title: 'Eine Angabe stimmt nicht',
    detail: 'Der Server versteht einen Teil der Anfrage nicht.',
  },
  blocked_url: {
    title: 'Diese Adresse wird nicht abgerufen',
    detail:
      'Der Server holt Bilder nur aus dem öffentlichen Internet. Speichere das Bild und wähle die Datei.',
  },
  unreachable_url: {
    title: 'Unter dieser Adresse war kein Bild zu holen',
    detail: 'Prüfe die Adresse, oder speichere das Bild und wähle die Datei.',
  },
  invalid_query: {
    title: 'Diese Frage an den Graphen ist nicht zu lesen',
    detail: 'Etwas an ihrer Schreibweise stimmt nicht.',
  },
  query_refused: {
    title: 'Diese Frage an den Graphen wird nicht beantwortet',
    detail: 'Sie verlangt etwas, das hier nicht erlaubt ist.',
  },
  query_too_heavy: {
    title: 'Diese Frage an den Graphen ist zu aufwendig',
    detail: 'Frage nach weniger auf einmal.',
  },
  unsupported: {
    title: 'Das kann dieser Server nicht',
    detail: 'So, wie er eingerichtet ist, geht das nicht.',
  },
  budget_exhausted: {
    title: 'Das Geld für Modelle ist für diesen Monat aufgebraucht',
    detail: 'Im nächsten Monat geht es weiter, oder wer den Server betreibt, erhöht den Betrag.',
  },
  unauthorized: {
    title: 'Dafür braucht es einen Schlüssel',
    detail: 'Melde dich mit einem Schlüssel dieses Servers an.',
  },
  forbidden: {
    title: 'Das öffnet dieser Schlüssel nicht',
    detail: 'Melde dich mit einem an, der mehr darf.',
  },
  not_found: {
    title: 'Nicht gefunden',
    detail: 'Das gibt es nicht oder nicht mehr: Vielleicht wurde es gelöscht.',
  },
  method_not_allowed: {
    title: 'So wird hier nicht gefragt',
    detail: 'Lade die Seite neu: Vielleicht ist der Server jünger oder älter als sie.',
  },
  not_acceptable: {
    title: 'Dieses Format gibt es hier nicht',
    detail: 'Lade die Seite neu: Vielleicht ist der Server jünger oder älter als sie.',
  },
  embedder_mismatch: {
    title: 'Die Sammlung stammt von einem anderen Embedder',
    detail: 'Wer den Server betreibt, muss sie neu einbetten oder die Einstellung zurücknehmen.',
  },
  key_conflict: {
    title: 'Die Schlüssel können so nicht sein',
    detail:
      'Vielleicht gibt es einen mit diesem Namen schon, oder es wäre der letzte, der alles darf.',
  },
  unknown_words: {
    title: 'Diese Worte sind hier nicht alle bekannt',
    detail: 'Gesucht wird mit Namen von Dingen. Schreibe anders, was zu sehen sein soll.',
  },
  upload_too_large: {
    title: 'Das ist zu groß',
    detail: 'So viel nimmt dieser Server nicht auf einmal. Verkleinere das Bild.',
  },
  unsupported_media_type: {
    title: 'Daten dieser Art werden hier nicht gelesen',
    detail: 'Lade die Seite neu: Vielleicht ist der Server jünger oder älter als sie.',
  },
  uri_too_long: {
    title: 'Die Adresse ist zu lang',
    detail: 'Suche mit weniger Worten oder weniger Filtern.',
  },
  headers_too_large: {
    title: 'Die Kopfzeilen der Anfrage sind zu groß',
    detail: 'Lösche die Cookies dieser Seite und versuche es noch einmal.',
  },
  request_timeout: {
    title: 'Die Anfrage kam nicht rechtzeitig an',
    detail: 'Die Verbindung ist langsam oder war unterbrochen. Versuche es noch einmal.',
  },
  range_not_satisfiable: {
    title: 'So lang ist die Datei nicht',
    detail: 'Lade die Seite neu.',
  },
  unknown_host: {
    title: 'Unter diesem Namen kennt sich der Server nicht',
    detail: 'Öffne die Seite unter seiner eigenen Adresse, oder lasse den Namen dort eintragen.',
  },
  foreign_origin: {
    title: 'Seiten anderer Server dürfen das nicht',
    detail: 'Öffne Lookalike unter seiner eigenen Adresse.',
  },
  rate_limited: {
    title: 'Zu viele Anfragen',
    detail: 'Warte einen Augenblick und versuche es noch einmal.',
  },
  internal: {
    title: 'Auf dem Server ging etwas schief',
    detail: 'Wer ihn betreibt, findet unter der Anfrage im Protokoll, was es war.',
  },
  overloaded: {
    title: 'Der Server hat zu viel zu tun',
    detail: 'Versuche es in ein paar Sekunden noch einmal.',
  },
  provider_timeout: {
    title: 'Das Modell hat nicht rechtzeitig geantwortet',
    detail: 'Versuche es noch einmal.',
  },
  provider_rejected: {
    title: 'Der Anbieter des Modells hat abgelehnt',
    detail: 'Was er dazu sagt, hilft dem, der den Server betreibt.',
  },
  provider_unavailable: {
    title: 'Der Anbieter des Modells ist nicht zu erreichen',
    detail: 'Versuche es später noch einmal.',
  },
  store_unavailable: {
    title: 'Die Datenbank der Bilder ist nicht erreichbar',
    detail: 'Versuche es gleich noch einmal. Nichts ist verloren.',
  },
  files_unavailable: {
    title: 'Der Speicher der Bilddateien ist nicht erreichbar',
    detail: 'Versuche es gleich noch einmal. Nichts ist verloren.',
  },
  graph_unavailable: {
    title: 'Der Wissensgraph ist nicht erreichbar',
    detail: 'Versuche es gleich noch einmal. Nichts ist verloren.',
  },
  storage_full: {
    title: 'Die Festplatte des Servers ist voll',
    detail: 'Sobald dort Platz ist, geht es weiter.',
  },
  unexpected_response: {
    title: 'Diese Antwort ist nicht von Lookalike',
    detail: 'Zwischen dieser Seite und dem Server steht etwas, das selbst geantwortet hat.',
  },
}
