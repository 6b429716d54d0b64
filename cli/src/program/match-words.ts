import type { Match } from '@lookalike/sdk'

export const matchWords: Match[] = ['weak', 'possible', 'strong', 'near-duplicate', 'same']
