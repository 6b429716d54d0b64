import type { HealthDeps } from '../health/report.ts'
import type { Services } from './services.ts'

/** Of the services, what health is asked of. */
export function healthDeps({ deps, library, ...services }: Services): HealthDeps {
  const { store, files, graph } = deps
  const { graphHealth: following, lostLibrary, standing, disk, pages, errors } = services
  return { store, files, graph, library, following, lostLibrary, standing, disk, pages, errors }
}
