import { ConfigError } from '../../setting-types.ts'
import type { Tracing } from './tracing.ts'

const packages = [
  '@opentelemetry/api',
  '@opentelemetry/core',
  '@opentelemetry/resources',
  '@opentelemetry/sdk-trace',
  '@opentelemetry/exporter-trace-otlp-proto',
]

/**
 * Opens the exporter, whose packages are loaded by now only.
 *
 * @param endpoint of a collector that speaks OTLP over HTTP; without one there are no traces
 * @throws ConfigError when the packages are not installed, with the command that installs them
 */
export async function openTracing(
  endpoint: string | undefined,
  version: string,
): Promise<Tracing | null> {
  if (endpoint === undefined) return null
  try {
    return (await import('./exporter.ts')).default(endpoint, version)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error
    throw new ConfigError(
      'OTEL_EXPORTER_OTLP_ENDPOINT: traces need packages that are not installed. Install them with\n' +
        `  npm install --no-save ${packages.join(' ')}\nor take the setting away.`,
    )
  }
}
