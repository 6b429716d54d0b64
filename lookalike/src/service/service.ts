/** What is to run by itself: `lookalike serve` with settings, in the folder of its library. */
export interface Service {
  /** Node, the program, `serve` and its options; each as the process is to get it. */
  readonly command: readonly [string, ...string[]]
  /** Absolute. Where it is started, so that a `.env` there is read. */
  readonly folder: string
  /** Longest that a server may take to stop, in seconds. */
  readonly stopSeconds: number
  /** Of the program that writes this. */
  readonly version: string
}

/** What starts services on one kind of system, and keeps them running. */
export interface ServiceManager {
  /** As people know it. */
  readonly name: string
  /** What it reads: absolute. */
  readonly file: string
  content(service: Service): string | Buffer
  /** Has it read the file and start the service, one that runs included when `changed`. */
  start(changed: boolean): Step[]
  /** Has it stop the service and forget it. Before the file is removed. */
  stop(): Step[]
  /** After that. */
  readonly forget: readonly Step[]
  readonly status: Step
  /** What else a person should know. */
  readonly notes: readonly string[]
}

export interface Step {
  readonly command: readonly [string, ...string[]]
  /** It fails where there is nothing to be done. */
  readonly mayFail?: boolean
}

/** The machine and the person, as far as services are concerned. */
export interface Machine {
  readonly platform: NodeJS.Platform
  readonly env: NodeJS.ProcessEnv
  readonly home: string
  readonly user: string
  /** Null where a system has none. */
  readonly uid: number | null
  run(command: readonly [string, ...string[]]): Ran
}

export interface Ran {
  /** Null when the program could not be started. */
  readonly status: number | null
  readonly output: string
}
