import { z } from 'zod'

/** How the vector index keeps vectors: whole, or in 16 or 8 bits a number. The truth keeps them whole. */
export const quantizations = ['none', 'fp16', 'int8'] as const
export type Quantization = (typeof quantizations)[number]

export const embeddedSettings = {
  VECTOR_INDEX_QUANTIZATION: z
    .enum(quantizations)
    .default('int8')
    .describe(
      'How the index of the embedded store keeps vectors: int8, fp16 or none (whole); a change rebuilds it',
    ),
}
