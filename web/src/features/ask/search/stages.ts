import type { Stage } from '@lookalike/sdk'

/** As they follow each other. */
export const stageOrder: Stage[] = ['receive', 'decode', 'describe', 'embed', 'search', 'store']
