import { existsSync, readdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import { openPresence } from '../data-dir/presence.ts'
import { DiskSpace } from '../data-dir/room.ts'
import { askForCopy, type ServerAddress } from '../data-dir/running-server.ts'
import { openFiles } from '../files/registry.ts'
import type { FileStore } from '../files/file-store.ts'
import { decodeImage, type Decode } from '../images/decode.ts'
import { ConfigError } from '../setting-types.ts'
import { renameDurably } from '../sqlite/durable-files.ts'
import { openGenerations } from '../stores/registry.ts'
import type { ImageStore } from '../stores/image-store.ts'
import { openEmbeddedHoldings, type EmbeddedHoldings } from './holdings/embedded.ts'
import type { Holdings } from './holdings/holdings.ts'
import { servedHoldings } from './holdings/served.ts'

/** A library that is looked at: its folder, and what lies in it. */
export class Patient {
  readonly config: Config
  readonly dataDir: string
  readonly space: DiskSpace
  readonly files: FileStore
  readonly decode: Decode
  /** Databases that cannot be used: whoever needs one looks no further. */
  readonly unusable = new Set<string>()
  /** The server that uses the library meanwhile; null where none does. */
  readonly server: ServerAddress | null
  readonly #presence: ReturnType<typeof openPresence>
  /** Folders of copies that a server made. */
  readonly #copies: string[] = []
  #embedded: EmbeddedHoldings | null = null
  #served: { store: ImageStore; holdings: Holdings } | null = null

  private constructor(
    config: Config,
    presence: ReturnType<typeof openPresence>,
    files: FileStore,
    server: ServerAddress | null,
  ) {
    this.config = config
    this.server = server
    this.dataDir = config.DATA_DIR
    this.#presence = presence
    this.space = new DiskSpace(config.DATA_DIR)
    this.files = files
    this.decode = (file, options) => decodeImage(file, config.MAX_MEGAPIXELS, options)
  }

  /**
   * @param server asked for copies of its records, where one uses the library; null: one that does is refused
   * @throws ConfigError where there is no library, or a server uses it that cannot be asked
   */
  static async open(config: Config, server: ServerAddress | null = null): Promise<Patient> {
    const { DATA_DIR: dataDir } = config
    if (!existsSync(dataDir)) {
      throw new ConfigError(
        `There is no folder ${dataDir}: name the one that DATA_DIR names where the server runs.`,
      )
    }
    if (!readdirSync(dataDir).some((name) => name.endsWith('.db') || name === 'files')) {
      throw new ConfigError(
        `There is no library in ${dataDir}: name the folder that DATA_DIR names where the server runs.`,
      )
    }
    const presence = openPresence(dataDir)
    const isServed = presence.hasOthers()
    if (isServed && (!server || config.STORE !== 'embedded')) {
      presence.close()
      throw new ConfigError(
        `A server is using ${dataDir}: stop it first. How well a running one is, \`lookalike status\` says.`,
      )
    }
    // What is left over is looked at here, and not swept away on the way.
    const looking = { ...presence, sweep: () => {} }
    const files = await openFiles(config, { dataDir, presence: looking })
    const patient = new Patient(config, presence, files, isServed ? server : null)
    try {
      patient.#embedded = await patient.later()
    } catch (error) {
      presence.close()
      throw error
    }
    return patient
  }

  /** Whether the records lie in this folder. */
  get isEmbedded(): boolean {
    return this.config.STORE === 'embedded'
  }

  /** The records in this folder; null where there are none, or they cannot be read. */
  embedded(): EmbeddedHoldings | null {
    if (!this.isEmbedded || this.unusable.has('library.db')) return null
    this.#embedded ??= openEmbeddedHoldings(this.dataDir)
    return this.#embedded
  }

  /** The records as they are by now, where a server uses them; null where nobody changes them. */
  async later(): Promise<EmbeddedHoldings | null> {
    if (!this.server) return null
    const { path } = await askForCopy(this.server, this.dataDir, 'records')
    const folder = `${path}.looked-at`
    await renameDurably(path, join(folder, 'library.db'))
    this.#copies.push(folder)
    return openEmbeddedHoldings(folder)
  }

  /** Lets go of `library.db`, for others to open it; `embedded` opens it again. */
  letGo(): void {
    this.#embedded?.close()
    this.#embedded = null
  }

  /** The store that other processes may use as well; null where that is none. */
  async served(): Promise<{ store: ImageStore; holdings: Holdings } | null> {
    if (this.isEmbedded) return null
    if (this.#served) return this.#served
    const generations = await openGenerations(this.config, this.dataDir)
    const library = await generations.current()
    if (!library) return null
    const store = await generations.open(library)
    this.#served = { store, holdings: servedHoldings(store, library) }
    return this.#served
  }

  /** The records, wherever they are. */
  async holdings(): Promise<Holdings | null> {
    return this.embedded() ?? (await this.served())?.holdings ?? null
  }

  async close(): Promise<void> {
    this.letGo()
    await this.#served?.store.close()
    for (const folder of this.#copies) await rm(folder, { recursive: true, force: true })
    this.#presence.close()
  }
}
