import { LookalikeError } from '../errors.ts'

export function unknownImage(id: string): LookalikeError {
  return new LookalikeError(
    'not_found',
    `The library has no image ${id}. GET /api/images lists those there are.`,
  )
}
