export { readEmbedded } from './read-file.ts'
export { type EmbeddedMetadata, readTags } from './read-tags.ts'
