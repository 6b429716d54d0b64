import { base } from '../connect.ts'
import { tidyAnswers } from './kept-answers.ts'

/** Has the browser keep the page once it has nothing else to do; where it keeps nothing, all else is as before. */
export function keepPage(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  const begin = () => {
    navigator.serviceWorker
      .register(new URL('service-worker.js', base), { updateViaCache: 'none' })
      .then(tidyAnswers)
      .catch(() => {
        // A window that keeps nothing.
      })
  }
  // Safari has no idle time.
  const whenIdle = () =>
    'requestIdleCallback' in window ? requestIdleCallback(begin) : setTimeout(begin, 1000)
  if (document.readyState === 'complete') whenIdle()
  else addEventListener('load', whenIdle, { once: true })
}
