import { LookalikeError } from '../errors.ts'

/** What the reader of forms complains of by its words alone: no code tells its errors from others. */
const complaints = /^Multipart: |unexpected end of multipart data|^The needle cannot/i

/** Says that a form cannot be read where that is what went wrong, and else returns the error as it is. */
export function explainForm(error: unknown): unknown {
  if (!(error instanceof Error) || !complaints.test(error.message)) return error
  return new LookalikeError(
    'invalid_parameter',
    'The form cannot be read: send multipart/form-data with the boundary that its Content-Type names, to the end.',
    { cause: error },
  )
}
