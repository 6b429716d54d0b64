/**
 * Imported before zvec is. Its queries are carried out by Arrow's pool of threads, and wait in it for further work of the same
 * pool: two searches at once, while vectors are being taken into the graph, have been seen to hold both threads of a machine
 * with two processors and to wait for a third for ever. Arrow makes as many threads as these variables say, when there is
 * work for them. Four searches are under way at most, as many as Node has threads for; each holds one for a segment.
 */
const threads = 32

for (const name of ['OMP_NUM_THREADS', 'OMP_THREAD_LIMIT']) {
  process.env[name] = String(Math.max(threads, Number(process.env[name]) || 0))
}
