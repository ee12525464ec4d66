import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Gauge } from 'prom-client'
import { AppError } from './errors.ts'
import type { Logger } from './log.ts'
import type { Metrics } from './metrics.ts'
import { platformErrors } from './platform-errors.ts'

/** PEM texts: a certificate (with those between it and the authority), its key, and the authority whose peers are trusted. */
export type TlsIdentity = { cert: string; key: string; ca?: string }

/** Certificates in files that are exchanged while the process runs. */
export type CertificateFiles = {
  current(): TlsIdentity
  /** Tells each later change. The listener of a certificate must not throw. */
  onChange(listener: (identity: TlsIdentity) => void): void
  close(): void
}

type CertificatePaths = { certFile: string; keyFile: string; caFile?: string | undefined }
type Options = CertificatePaths & { name: string; log: Logger; metrics: Metrics; everyMs?: number }

/**
 * Reads a certificate and its key and watches them: every 10 s, and at once on SIGHUP. What does not fit together, has expired
 * or cannot be read is logged, and the old ones stay. By looking rather than by events: files are exchanged by renaming and by
 * links. Throws CERTIFICATE_UNUSABLE when the first reading is no good.
 */
export function watchCertificateFiles({ name, log, metrics, everyMs = 10_000, ...paths }: Options): CertificateFiles {
  let identity = readIdentity(paths)
  let refused = ''
  const listeners: ((identity: TlsIdentity) => void)[] = []
  const expiry = expiryGauge(metrics)
  expiry.set({ certificate: name }, expiresAt(identity))

  const look = () => {
    try {
      const read = readIdentity(paths)
      refused = ''
      if (read.cert === identity.cert && read.key === identity.key && read.ca === identity.ca) return
      identity = read
      expiry.set({ certificate: name }, expiresAt(read))
      log.info({ certificate: name, expires: new Date(expiresAt(read) * 1_000) }, 'A certificate was exchanged')
      for (const listener of listeners) listener(read)
    } catch (error) {
      const reason = error instanceof AppError ? error.sentence('en') : String(error)
      if (reason !== refused)
        log.error({ certificate: name, reason }, 'A new certificate cannot be used; the old one stays')
      refused = reason
    }
  }
  const timer = setInterval(look, everyMs).unref()
  process.on('SIGHUP', look)
  return {
    current: () => identity,
    onChange: (listener) => void listeners.push(listener),
    close() {
      clearInterval(timer)
      process.off('SIGHUP', look)
    },
  }
}

function readIdentity({ certFile, keyFile, caFile }: CertificatePaths): TlsIdentity {
  const cert = readFile(certFile)
  const key = readFile(keyFile)
  const ca = caFile === undefined ? undefined : readFile(caFile)
  const certificate = understand(certFile, 'not a PEM certificate', () => new X509Certificate(cert))
  const privateKey = understand(keyFile, 'not a PEM private key', () => createPrivateKey(key))
  if (!certificate.checkPrivateKey(privateKey)) throw unusable(keyFile, `not the key of ${certFile}`)
  if (Date.parse(certificate.validTo) <= Date.now()) throw unusable(certFile, `expired on ${certificate.validTo}`)
  if (ca === undefined || caFile === undefined) return { cert, key }
  understand(caFile, 'not a PEM certificate', () => new X509Certificate(ca))
  return { cert, key, ca }
}

function readFile(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw unusable(path, error instanceof Error && 'code' in error ? String(error.code) : 'cannot be read')
  }
}

function understand<T>(path: string, reason: string, read: () => T): T {
  try {
    return read()
  } catch {
    throw unusable(path, reason)
  }
}

const unusable = (path: string, reason: string) =>
  new AppError(platformErrors.certificateUnusable, { params: { path, reason } })

/** Unix time in seconds. */
const expiresAt = ({ cert }: TlsIdentity): number => Date.parse(new X509Certificate(cert).validTo) / 1_000

function expiryGauge({ registry }: Metrics): Gauge<'certificate'> {
  const name = 'tls_certificate_expires_timestamp_seconds'
  const existing = registry.getSingleMetric(name)
  if (existing) return existing as Gauge<'certificate'>
  const help = 'When a certificate of ours ends, as Unix time'
  return new Gauge({ name, help, labelNames: ['certificate'], registers: [registry] })
}
