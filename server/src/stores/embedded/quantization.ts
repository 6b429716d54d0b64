/** How the vector index keeps vectors: whole, or in 16 or 8 bits a number. The truth keeps them whole. */
export const quantizations = ['none', 'fp16', 'int8'] as const
export type Quantization = (typeof quantizations)[number]
