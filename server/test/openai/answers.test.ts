import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startFakeOpenAi, type FakeOpenAi } from '../fakes/openai.ts'
import { openAiSettings } from '../support/openai-settings.ts'
import { jpeg } from '../support/pictures.ts'
import { startServer, type TestServer } from '../support/server.ts'

let openai: FakeOpenAi
let server: TestServer
let seed = 0
beforeAll(async () => {
  openai = await startFakeOpenAi()
  server = await startServer(openAiSettings(openai, { OPENAI_VISION_MAX_TOKENS: '321' }))
})
afterAll(async () => {
  await server.stop()
  await openai.stop()
})
beforeEach(() => {
  seed++
  openai.chats.length = 0
  openai.embeddings.length = 0
})

/** Indexes a picture that no other test has shown, described so. */
async function indexed(message: object | string, finish_reason = 'stop') {
  const fields = typeof message === 'string' ? { content: message } : message
  const choice = { index: 0, finish_reason, message: { role: 'assistant', ...fields } }
  openai.behave({
    respond: (kind) => (kind === 'chat' ? { body: { choices: [choice] } } : undefined),
  })
  return server.index(await jpeg(seed))
}

async function expectRejected(message: object | string, finish: string, detail: RegExp) {
  const { status, body } = await indexed(message, finish)
  expect([status, body.code]).toEqual([502, 'provider_rejected'])
  expect(body.detail).toMatch(detail)
  expect(openai.embeddings).toEqual([])
  // Not remembered either: the same picture is asked for again.
  openai.behave({})
  expect((await server.search(await jpeg(seed))).status).toBe(200)
  expect(openai.chats.length).toBe(2)
}

const fox = 'A red fox in snow.'

describe('thoughts are no part of a description', () => {
  test.each<[string, object | string]>([
    ['in tags', `<think>\nThe user wants\n</think>\n\n${fox}`],
    ['in capitals, with attributes', `<THINK mode="deep" budget=9>hm</THINK> ${fox}`],
    ['by other names', `<reasoning>hm</reasoning><Thought>so</Thought>${fox}`],
    ['with a suffix', `<thinking_process>hm</thinking_process>${fox}`],
    ['in brackets', `[THINK]hm[/THINK]${fox}`],
    ['in other brackets', `◁think▷hm◁/think▷${fox}`],
    ['in special tokens', `<|begin_of_thought|>hm<|end_of_thought|>${fox}`],
    ['nested', `<think>a<think>b</think>c</think>${fox}`],
    ['closed without having been opened', `The user wants\n</think>\n${fox}`],
    ['afterwards', `${fox}<think>was that right?</think>`],
    ['afterwards and never closed', `${fox}\n<think>was that`],
    ['empty', `<think></think><think/>${fox}`],
    ['escaped', `&lt;think&gt;hm&lt;/think&gt;${fox}`],
    ['in a channel', `<|channel|>analysis<|message|>hm<|end|><|start|>assistant<|channel|>final<|message|>${fox}<|return|>`], // prettier-ignore
    ['with the answer in tags', `<think>hm</think><answer>${fox}</answer>`],
    ['in fields', { content: fox, reasoning_content: 'hm', reasoning: 'hm', thinking: 'hm' }],
    ['in parts', { content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] }, { type: 'text', text: fox }] }], // prettier-ignore
    ['in marked parts', { content: [{ type: 'text', text: 'hm', thought: true }, { type: 'text', text: fox }] }], // prettier-ignore
    ['before JSON', `<think>{"a":1}</think>\n\`\`\`json\n{"picture":"DESCRIBED","description":"${fox}"}\n\`\`\``], // prettier-ignore
  ])('%s', async (_name, message) => {
    const { status, body } = await indexed(message)
    expect([status, body.description]).toEqual([201, fox])
  })

  test.each<[string, object | string]>([
    ['never closed', '<think>the user wants'],
    ['closed, with nothing after', '<think>the user wants</think>\n'],
    ['in a channel', '<|channel|>analysis<|message|>the user wants'],
    ['in fields', { content: null, reasoning_content: 'A red fox' }],
    ['in parts', { content: [{ type: 'reasoning', text: 'A red fox' }] }],
  ])('and where there is nothing else, there is none: %s', async (_name, message) => {
    await expectRejected(message, 'stop', /thought|empty/)
  })

  test('and a tag in the picture is none', async () => {
    const content = 'A screenshot of code that reads "<think>" in red letters.'
    expect((await indexed(content)).body.description).toBe(content)
  })
})

test.each(['length', 'max_tokens', 'MAX_TOKENS', 'model_length'])(
  'an answer that is cut off by %s is none, and the error names the limit',
  async (finish) => {
    await expectRejected('A red fox in', finish, /OPENAI_VISION_MAX_TOKENS, which is 321/)
    expect(openai.chats[0]).toHaveProperty('max_completion_tokens', 321)
  },
)

describe('a refusal is provider_rejected, and is not remembered', () => {
  test.each<[string, object | string, string?]>([
    ['by field', { content: fox, refusal: 'I cannot' }],
    ['by part', { content: [{ type: 'refusal', refusal: 'I cannot' }] }],
    ['by filter', fox, 'content_filter'],
    ['by safety', fox, 'SAFETY'],
    ['in the form that was asked for', '{"picture":"DECLINED","description":"En kuvaile tätä."}'],
    ['as no picture, in that form', '{"picture":"NO_PICTURE","description":"Ei kuvaa."}'],
    ['by the word that was asked for', '**NO_PICTURE**.'],
    ['by the other word', 'Declined'],
  ])('%s', async (_name, message, finish = 'stop') => {
    await expectRejected(message, finish, /declined/)
  })

  test.each([
    "I'd be happy to help, but there's no image in your message.",
    "**I'm sorry**, but I can't assist with that.",
    'Hmm. I can see no image here.',
    'Thank you for your message! Unfortunately no image came with it.',
    'OK. Please upload the photo again.',
    'Hmm, nothing seems to have been attached.',
    'The uploaded file appears to be corrupted and cannot be opened.',
    'Unable to process the image.',
    'This request violates our content policy.',
    '[No image]',
    'N/A',
    'As a text-based AI, I can’t see images.',
    'Let me know once the picture is there.',
    'The picture seems to be missing.',
    '{"picture":"DESCRIBED","description":"I cannot see an image."}',
  ])('in words: %s', async (content) => {
    await expectRejected(content, 'stop', /declined/)
  })

  test.each([
    'Lo siento, no puedo ver la imagen.',
    'Aucune image n’a été fournie.',
    'Ich kann leider kein Bild sehen.',
    'Nessuna immagine allegata.',
    'Nenhuma imagem foi enviada.',
    'Er is geen afbeelding bijgevoegd.',
    'Ei kuvaa.',
    'Nem látok képet.',
    'Không có hình ảnh nào được đính kèm.',
    'Tidak ada gambar yang dilampirkan.',
    'Resim yok.',
    'Не вижу изображения',
    'Η εικόνα δεν επισυνάφθηκε.',
    '申し訳ありませんが、画像が見当たりません。',
    '我看不到任何图片',
    '抱歉',
    '이미지가 첨부되지 않았습니다.',
    'لا توجد صورة',
    'ไม่มีรูปภาพแนบมา',
    'कोई छवि संलग्न नहीं है।',
  ])('in another language than was asked for: %s', async (content) => {
    await expectRejected(content, 'stop', /another language/)
  })
})

test.each([
  'A photo of a broken window in a brick wall.',
  'A bare white wall with no pictures, a wooden floor and a chair.',
  'A screenshot of an error dialog that reads "The file could not be loaded", grey on blue.',
  'A poster that reads "Please close the door, you there", red on white.',
  'Two children share a picture book on a sofa, not looking at the camera.',
  'A croissant and an espresso on a marble bistro table, Place de la Concorde.',
  'A shop sign reading „Heute leider geschlossen“ above a green door.',
  'A photo of a shop at night, its sign not visible from here.',
  'I can see a red fox in deep snow.',
  'A red fox in snow. Let me know if you need anything else!',
  'yellow duck pond blue water boat tree house',
  'red fox',
  'In the picture you can see a house on a hill.',
])('a description is none of that: %s', async (content) => {
  const { status, body } = await indexed(content)
  expect([status, body.description]).toEqual([201, content])
})

test('a preface is no part of a description', async () => {
  const { body } = await indexed("Sure! Here's your description:\n\nA red fox in snow.")
  expect(body.description).toBe(fox)
})

test('a description in another language is taken from a model that says it is one', async () => {
  const description = 'Ein roter Fuchs steht im tiefen Schnee vor einem dunklen Wald.'
  const content = JSON.stringify({ picture: 'DESCRIBED', description })
  expect((await indexed(content)).body.description).toBe(description)
})

test.each(['{"picture":"DESCRIBED","descr', '{"caption":7,"description":8}'])(
  'JSON of another form is none: %s',
  async (content) => {
    await expectRejected(content, 'stop', /form that was asked for/)
  },
)
