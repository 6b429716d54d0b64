import { z } from 'zod'
import { url } from '../../setting-types.ts'

/** The settings of files on S3-compatible storage. */
export const s3Settings = {
  S3_BUCKET: z.string().optional().describe('Bucket for originals and thumbnails; it must exist'),
  S3_ENDPOINT: url
    .optional()
    .describe('Address of an S3-compatible server; by default Amazon S3 in S3_REGION'),
  S3_REGION: z.string().default('us-east-1').describe('Region that requests are signed for'),
  S3_PREFIX: z
    .string()
    .regex(/^[\w-]+(\/[\w-]+)*$/, 'may hold letters, digits, _ and -, and / between them')
    .optional()
    .describe('Folder in the bucket, for a bucket that holds other things too'),
  S3_ACCESS_KEY_ID: z.string().optional().describe('Key that may get, put and delete objects'),
  S3_SECRET_ACCESS_KEY: z.string().optional().describe('The secret of that key'),
}

type S3Settings = z.output<z.ZodObject<typeof s3Settings>>

export interface S3Options {
  /** Scheme and host, and a path if the storage lies below one; the bucket follows as a folder. */
  readonly endpoint: string
  readonly region: string
  readonly bucket: string
  /** Folder in the bucket; empty for none. */
  readonly prefix: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** Longest wait for the beginning of an answer, all attempts together. */
  readonly timeoutMs?: number
  /** The same for one upload. */
  readonly uploadTimeoutMs?: number
}

/** What FILES=s3 cannot do without and is not set. */
export function missingS3Settings(settings: S3Settings): string[] {
  const needed = ['S3_BUCKET', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'] as const
  return needed.filter((name) => !settings[name])
}

export function s3Options(settings: S3Settings): S3Options {
  return {
    endpoint: settings.S3_ENDPOINT ?? `https://s3.${settings.S3_REGION}.amazonaws.com`,
    region: settings.S3_REGION,
    bucket: settings.S3_BUCKET ?? '',
    prefix: settings.S3_PREFIX ?? '',
    accessKeyId: settings.S3_ACCESS_KEY_ID ?? '',
    secretAccessKey: settings.S3_SECRET_ACCESS_KEY ?? '',
  }
}
