/** The shapes that travel over HTTP; the server's tests hold its schemas equal to these. */

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }
export type Metadata = { [key: string]: Json }

export type ImageFormat = 'jpeg' | 'png' | 'webp' | 'gif' | 'avif' | 'tiff'

/** The picture that was asked about. */
export interface QueryImage {
  filename: string | null
  description: string
  sha256: string | null
  width: number | null
  height: number | null
  format: string | null
  bytes: number | null
}

export interface SearchResult {
  id: string
  image_uri: string
  /** Cosine similarity, 1 for the same picture; higher is closer. */
  score: number
  description: string
  metadata: Metadata
  /** Where the original and its thumbnail can be fetched; null when this library holds no file. */
  image_url: string | null
  thumbnail_url: string | null
  width: number | null
  height: number | null
  /** A better copy of the same picture in this library. */
  duplicate_of: DuplicateOf | null
}

/** `identical`: the same bytes; `near_duplicate`: the same picture in another size or quality. */
export type Likeness = 'identical' | 'near_duplicate'

export interface DuplicateOf {
  id: string
  kind: Likeness
}

export interface Usage {
  calls: number
  input_tokens: number
  output_tokens: number
  /** Dollars; null when the price of a model is not known. */
  estimated_usd: number | null
}

export type Stage = 'receive' | 'decode' | 'describe' | 'embed' | 'search' | 'store'

/** What an answer took. */
export interface Cost {
  /** True when no model was asked because this very picture or text is already known. */
  cached: boolean
  timings_ms: Partial<Record<Stage, number>> & { total: number }
  usage: Usage
}

export interface SearchResponse extends Cost {
  query_image: QueryImage
  /** Best first. */
  results: SearchResult[]
  total_found: number
  embedder: string
}

/** One line of progress, sent as each stage begins. */
export interface StageEvent {
  stage: Stage
  elapsed_ms: number
}

export interface ImageRecord {
  id: string
  image_uri: string
  description: string
  /** `caller`: not the embedder's words, but those it was indexed with. */
  described_by: 'caller' | null
  metadata: Metadata
  sha256: string | null
  width: number | null
  height: number | null
  format: string | null
  bytes: number | null
  /** Perceptual hash, 16 hex digits; empty for a plain picture, null where it was not looked at. */
  phash: string | null
  embedder: string | null
  indexed_at: string | null
  image_url: string | null
  thumbnail_url: string | null
}

export interface IndexResponse extends ImageRecord, Cost {}

export interface ListedImage extends ImageRecord {
  /** A better copy of the same picture in this library. */
  duplicate_of: DuplicateOf | null
}

export interface ImagePage {
  images: ListedImage[]
  next_cursor: string | null
}

/** Images that show the same picture. */
export interface DuplicateGroup {
  /** The one to keep: the most pixels, then the most bytes, and else the first. */
  keeper: ImageRecord
  duplicates: { kind: Likeness; image: ImageRecord }[]
}

export interface DuplicateGroupPage {
  /** Largest first. */
  groups: DuplicateGroup[]
  total_groups: number
  total_duplicates: number
  next_cursor: string | null
}

/** The records of the files that were asked for by content hash. */
export interface FoundImages {
  images: ImageRecord[]
}

/** What a delete by filter did or, as a dry run, would do. */
export interface Removal {
  dry_run: boolean
  matched: number
  deleted: number
  /** The first few of them. */
  sample: ImageRecord[]
}

/** How many images have each value of a metadata key, most frequent first. */
export interface Facets {
  key: string
  values: { value: string | number | boolean; count: number }[]
}

/** One record of an export. */
export interface ExportedRecord extends ImageRecord {
  /** 32-bit floats, little-endian, in base64. */
  vector: string
}

/** A line between the records of an export, by which one that broke off goes on. */
export interface ExportCheckpoint {
  /** `cursor` is null after the last record. */
  checkpoint: { cursor: string | null; exported: number }
}

export interface ImportResult {
  received: number
  /** Looked up after writing. */
  stored: number
  created: number
  replaced: number
  /** Those whose file is not there and has to be sent by itself. */
  without_file: number
}

export interface Info {
  name: string
  version: string
  /** The one that made the library, and goes on answering until a re-index. */
  embedder: { id: string; dimensions: number; describes: 'semantic' | 'visual'; text: boolean }
  embedder_in_settings: string
  store: string
  /** Where statements about images live; `none` where no graph is kept. */
  graph: string
  /** Null while the store cannot be reached. */
  images: number | null
  limits: { max_upload_mb: number; max_megapixels: number; formats: ImageFormat[] }
}

/** A term of the knowledge graph. */
export interface GraphValue {
  type: 'uri' | 'literal'
  value: string
}

/** SPARQL 1.1 Query Results JSON: `results` of a SELECT, `boolean` of an ASK. */
export interface GraphTable {
  head: { vars?: string[] }
  results?: {
    bindings: Record<string, { type: string; value: string; datatype?: string } | undefined>[]
  }
  boolean?: boolean
}

/** What the graph says of one image. */
export interface StatementList {
  statements: {
    said_by: 'library' | 'people'
    /** Whether the statement is about the image, or leads to it. */
    direction: 'from' | 'to'
    predicate: string
    other: GraphValue
    /** What the other end is called, where that is known. */
    name: string | null
  }[]
}

export interface Health {
  status: 'ok' | 'degraded' | 'unavailable'
  /**
   * `embedder` is there while the settings name another embedder than the library's. `graph` is how well
   * the knowledge graph keeps up; searches do not depend on it.
   */
  checks: {
    store: HealthCheck
    files: HealthCheck
    embedder?: HealthCheck | undefined
    graph?: HealthCheck | undefined
  }
}

export interface HealthCheck {
  status: 'ok' | 'degraded' | 'unavailable'
  detail: string
}

/** Sums over calls of models. */
export interface CallTotals {
  calls: number
  input_tokens: number
  output_tokens: number
  /** Dollars, for those calls whose price is known. */
  estimated_usd: number
  unpriced_calls: number
}

export interface UsageReport {
  /** Newest first; `day` is a UTC date such as 2026-11-22. */
  days: (CallTotals & { day: string; model: string })[]
  total: CallTotals
  /** This calendar month (UTC); no budget is null. */
  month: { estimated_usd: number; budget_usd: number | null }
}

export interface ImportEstimate {
  images: number
  /** Dollars; null when the price of a model is not known. */
  estimated_usd: number | null
  estimated_minutes: number
  /** `measured` on the server's own calls; `typical` before there are any. */
  basis: 'measured' | 'typical'
}

/** RFC 9457 problem details: the body of every error answer. */
export interface Problem {
  type: string
  title: string
  status: number
  /** What happened and what to do. */
  detail: string
  code: string
  request_id: string
}

/** One condition on a metadata key (dotted paths reach into objects), or a nested filter. */
export type Condition =
  | { key: string; match: { value: string | number | boolean } | { any: string[] | number[] } }
  | { key: string; range: { gt?: number; gte?: number; lt?: number; lte?: number } }
  | { is_empty: { key: string } }
  | Filter

/** Which records may answer: the part of Qdrant's JSON filter form that every store understands. */
export interface Filter {
  must?: Condition[]
  should?: Condition[]
  must_not?: Condition[]
}
