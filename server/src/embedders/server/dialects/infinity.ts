import { dataUrl, isSiglip, type Dialect, type Transport } from './dialect.ts'

/** Infinity, which embeds pictures under `modality: image`. https://github.com/michaelfeil/infinity */
export function infinity(model: string): Dialect {
  const ask = (input: string[], modality: 'image' | 'text', { post }: Transport) =>
    post({
      path: '/embeddings',
      body: { model, input, modality, encoding_format: 'base64' },
      optional: modality === 'text' ? ['modality', 'encoding_format'] : ['encoding_format'],
    })
  return {
    baseUrl: (url) => url,
    // It refuses more.
    picturesPerCall: 32,
    textsPerCall: 64,
    pictures: (jpegs, transport) => ask(jpegs.map(dataUrl), 'image', transport),
    texts: (texts, transport) =>
      ask(
        texts.map((text) => (isSiglip(model) ? text.toLowerCase() : text)),
        'text',
        transport,
      ),
  }
}
