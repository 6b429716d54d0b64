import type { SearchResult } from '@lookalike/sdk'
import { saveFile } from '../../frame/save-file.ts'
import { csvOf } from './csv.ts'

export function saveResults(results: readonly SearchResult[], as: 'json' | 'csv'): void {
  if (as === 'json') {
    const text = JSON.stringify({ address: location.href, results }, null, 2)
    saveFile(new Blob([text], { type: 'application/json' }), 'lookalike.json')
  } else saveFile(new Blob([csvOf(results)], { type: 'text/csv;charset=utf-8' }), 'lookalike.csv')
}
