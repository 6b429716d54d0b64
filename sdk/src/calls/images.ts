import type {
  Deletion,
  Filter,
  FoundImages,
  ImageRecord,
  IndexResponse,
  Metadata,
  PatchedMetadata,
  Removal,
} from '../contract.ts'
import { form } from '../form.ts'
import { jsonBody, readBlob, readJson, type Cancellable, type Http } from '../http.ts'

export interface IndexOptions extends Cancellable {
  /** The image's identity; the server mints one from the content when absent. */
  imageUri?: string
  metadata?: Metadata
  /** false: what the picture says of itself in EXIF, IPTC and XMP stays out, whatever the server adds of it. */
  embeddedMetadata?: boolean
  /** Used instead of the embedder's own description. */
  description?: string
}

export interface RemovalOptions extends Cancellable {
  /** Only say what would be deleted. */
  dryRun?: boolean
}

/** Images are added, read, changed and deleted. */
export function imageCalls(http: Http) {
  return {
    /** Stores an image, given as a file or as a URL for the server to fetch. */
    async index(image: Blob | string, options: IndexOptions = {}): Promise<IndexResponse> {
      const { imageUri, metadata, embeddedMetadata, description, signal } = options
      const body = form({
        ...pictureField(image),
        image_uri: imageUri,
        metadata: metadata && JSON.stringify(metadata),
        embedded_metadata: embeddedMetadata?.toString(),
        description,
      })
      return readJson(await http('/api/images/index', { method: 'POST', body, signal }), signal)
    },

    async get(id: string, { signal }: Cancellable = {}): Promise<ImageRecord> {
      return readJson(await http(imagePath(id), { signal }), signal)
    },

    /** The thumbnail of an image: at most 384 pixels, as PNG, which every reader knows. */
    async thumbnail(id: string, { signal }: Cancellable = {}): Promise<Blob> {
      const path = `${imagePath(id)}/thumbnail`
      return readBlob(await http(path, { query: { format: 'png' }, signal }), signal)
    },

    /** One JPEG of up to 100 images in rows, numbered from 1 as they are given: what a vision model looks at. */
    async contactSheet(ids: string[], { signal }: Cancellable = {}): Promise<Blob> {
      const call = { query: { ids: ids.join(',') }, signal }
      return readBlob(await http('/api/contact-sheet', call), signal)
    },

    /** The records whose file has one of these content hashes (SHA-256, lower-case hex); 1000 at most. */
    async lookup(sha256: string[], { signal }: Cancellable = {}): Promise<ImageRecord[]> {
      const call = { method: 'POST', ...jsonBody({ sha256 }), signal }
      const found = await readJson<FoundImages>(await http('/api/images/lookup', call), signal)
      return found.images
    },

    /** Replaces the metadata of an image. */
    async setMetadata(
      id: string,
      metadata: Metadata,
      { signal }: Cancellable = {},
    ): Promise<ImageRecord> {
      const call = { method: 'PATCH', ...jsonBody({ metadata }), signal }
      return readJson(await http(imagePath(id), call), signal)
    },

    /** Describes an image in your own words; where the embedder reads descriptions, its vector is made anew. */
    async setDescription(
      id: string,
      description: string,
      { signal }: Cancellable = {},
    ): Promise<IndexResponse> {
      const call = { method: 'PUT', ...jsonBody({ description }), signal }
      return readJson(await http(`${imagePath(id)}/description`, call), signal)
    },

    /** Merges into the metadata of up to 1000 images: null takes a key away, objects are merged (RFC 7396). */
    async patchMetadata(
      ids: string[],
      metadata: Metadata,
      { signal }: Cancellable = {},
    ): Promise<PatchedMetadata> {
      const call = { method: 'PATCH', ...jsonBody({ ids, metadata }), signal }
      return readJson(await http('/api/images', call), signal)
    },

    /** Deletes up to 1000 images. */
    async removeMany(ids: string[], { signal }: Cancellable = {}): Promise<Deletion> {
      const call = { method: 'POST', ...jsonBody({ ids }), signal }
      return readJson(await http('/api/images/delete', call), signal)
    },

    async remove(id: string, { signal }: Cancellable = {}): Promise<void> {
      await http(imagePath(id), { method: 'DELETE', signal })
    },

    /** Deletes every image that passes the filter; `{}` passes all. */
    async removeMatching(
      filter: Filter,
      { signal, dryRun }: RemovalOptions = {},
    ): Promise<Removal> {
      const query = { filter: JSON.stringify(filter), dry_run: dryRun ? 'true' : undefined }
      return readJson(await http('/api/images', { method: 'DELETE', query, signal }), signal)
    },
  }
}

export function pictureField(image: Blob | string) {
  return typeof image === 'string' ? { image_url: image } : { image_file: image }
}

export function imagePath(id: string): string {
  return `/api/images/${encodeURIComponent(id)}`
}
