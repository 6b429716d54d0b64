/** Short names of models whose files are known to fit. Figures, licences and languages are in docs/local-models.md. */
const repositories: Readonly<Record<string, string>> = {
  'dinov2-small': 'onnx-community/dinov2-small-ONNX',
  'dinov2-base': 'onnx-community/dinov2-base-ONNX',
  'dinov3-small': 'onnx-community/dinov3-vits16-pretrain-lvd1689m-ONNX',
  'siglip2-base-patch32': 'onnx-community/siglip2-base-patch32-256-ONNX',
  'siglip2-base-patch16': 'onnx-community/siglip2-base-patch16-224-ONNX',
  'siglip-multilingual': 'Xenova/siglip-base-patch16-256-multilingual',
  'clip-base-patch32': 'Xenova/clip-vit-base-patch32',
}

/** One that knows sameness and places, one that knows what things are called. */
export const defaultModel = 'dinov2-small+siglip2-base-patch32'

export interface Repository {
  /** owner/name */
  readonly repository: string
  /** A branch, a tag, or the beginning of a commit. */
  readonly revision: string | undefined
}

/** Where a model is. */
export type ModelSource = Repository | { readonly folder: string }

/** @throws Error listing the names there are, for what is neither name, repository nor folder */
export function sourceOf(name: string): ModelSource {
  if (/^(\.{0,2}\/|[A-Za-z]:[\\/])/.test(name)) return { folder: name }
  const [model = '', revision] = name.split('@')
  const repository = repositories[model] ?? model
  if (/^[\w.-]+\/[\w.-]+$/.test(repository)) return { repository, revision }
  throw new Error(
    `LOCAL_MODEL: no model is called ${model}. There are ${Object.keys(repositories).join(', ')}, ` +
      'repositories (owner/name), and folders (a path that begins with / or ./).',
  )
}
