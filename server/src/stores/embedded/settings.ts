import { z } from 'zod'

/** How the vector index keeps vectors: whole, or in 16 or 8 bits a number. The truth keeps them whole. */
export const quantizations = ['none', 'fp16', 'int8'] as const
export type Quantization = (typeof quantizations)[number]

export const embeddedSettings = {
  VECTOR_INDEX_QUANTIZATION: z
    .enum(quantizations)
    .default('none')
    .describe(
      'How the embedded store keeps vectors in memory: none, fp16 or int8; rebuilds the index',
    ),
}
