/** What a person can set; `minimum` is a cosine similarity, 0 meaning no cut. */
export interface Settings {
  limit: number
  minimum: number
}

export const defaultSettings: Settings = { limit: 10, minimum: 0 }
