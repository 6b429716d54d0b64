/** A browser with one page open, driven by a protocol of its own. */
export interface Driver {
  readonly version: string
  navigate(url: string): Promise<void>
  /** The value of an expression in the page, which has to be JSON. */
  evaluate(expression: string): Promise<unknown>
  /** Sources of input as WebDriver has them, which BiDi shares. */
  act(actions: readonly object[]): Promise<void>
  close(): Promise<void>
}

/** Keys by the code points that WebDriver gives them. */
const keys = {
  Enter: '\uE006',
  Escape: '\uE00C',
  Space: ' ',
  ArrowRight: '\uE014',
  Delete: '\uE017',
  Control: '\uE009',
} as const
type Key = keyof typeof keys

const patienceMs = 15_000
const lookEveryMs = 50

/** What a person does in any browser: looks, clicks and types. Elements are named by CSS, and by a text they have. */
export class Tab {
  readonly #driver: Driver

  constructor(driver: Driver) {
    this.#driver = driver
  }

  async open(url: string): Promise<void> {
    await this.#driver.navigate(url)
    // What nobody would hear of otherwise; that a size is told a frame later is no error.
    await this.#driver.evaluate(`(() => {
      window.complaints = []
      addEventListener('error', ({ message }) => {
        if (!message.startsWith('ResizeObserver loop')) complaints.push(message)
      })
      addEventListener('unhandledrejection', ({ reason }) => complaints.push(String(reason)))
    })()`)
  }

  complaints(): Promise<unknown> {
    return this.#driver.evaluate('window.complaints')
  }

  /** Waits until there is such an element, in sight or not. */
  async see(selector: string, text = ''): Promise<void> {
    await this.until(`${finding(selector, text)} !== undefined`, `${selector} ${text}`)
  }

  async gone(selector: string, text = ''): Promise<void> {
    await this.until(`${finding(selector, text)} === undefined`, `no ${selector} ${text}`)
  }

  /** Waits until an expression is true. */
  async until(expression: string, what = expression): Promise<void> {
    const end = Date.now() + patienceMs
    while (!(await this.#driver.evaluate(`Boolean(${expression})`))) {
      if (Date.now() > end) throw new Error(`${what} was waited for in vain`)
      await new Promise((resolve) => setTimeout(resolve, lookEveryMs))
    }
  }

  async count(selector: string): Promise<unknown> {
    return this.#driver.evaluate(`document.querySelectorAll(${JSON.stringify(selector)}).length`)
  }

  /** Clicks where the element is, once it lies still. */
  async click(selector: string, text = ''): Promise<void> {
    await this.see(selector, text)
    const place = `(() => {
      const element = ${finding(selector, text)}
      element.scrollIntoView({ block: 'center', behavior: 'instant' })
      const { x, y, width, height } = element.getBoundingClientRect()
      return { x: Math.round(x + width / 2), y: Math.round(y + height / 2) }
    })()`
    let before = ''
    for (;;) {
      const now = JSON.stringify(await this.#driver.evaluate(place))
      if (now === before) break
      before = now
      await new Promise((resolve) => setTimeout(resolve, lookEveryMs))
    }
    await this.#driver.act([
      {
        type: 'pointer',
        id: 'mouse',
        parameters: { pointerType: 'mouse' },
        actions: [
          {
            type: 'pointerMove',
            ...(JSON.parse(before) as object),
            duration: 0,
            origin: 'viewport',
          },
          { type: 'pointerDown', button: 0 },
          { type: 'pointerUp', button: 0 },
        ],
      },
    ])
  }

  async type(text: string): Promise<void> {
    await this.#keys([...text].flatMap((key) => [down(key), up(key)]))
  }

  async press(key: Key, held?: Key): Promise<void> {
    const pressed = [down(keys[key]), up(keys[key])]
    await this.#keys(held ? [down(keys[held]), ...pressed, up(keys[held])] : pressed)
  }

  async #keys(actions: object[]): Promise<void> {
    await this.#driver.act([{ type: 'key', id: 'keyboard', actions }])
  }
}

const down = (value: string) => ({ type: 'keyDown', value })
const up = (value: string) => ({ type: 'keyUp', value })

/** The last such element: what lies above comes later in a document. */
function finding(selector: string, text: string): string {
  const all = `[...document.querySelectorAll(${JSON.stringify(selector)})]`
  return `${all}.findLast(({ textContent }) => textContent.includes(${JSON.stringify(text)}))`
}
