import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createSecureServer, type ServerOptions } from 'node:https'
import type { AddressInfo } from 'node:net'

type Call = { KeyId?: string; KeySpec?: string; CiphertextBlob?: string; EncryptionContext?: Record<string, string> }
type Reply = { status: number; body: Record<string, unknown> }
type Fault = 'throttle' | 'hang' | 'drop' | 'internal'

const account = 'arn:aws:kms:ap-northeast-2:111122223333'
const refuse = (type: string, message = type): Reply => ({ status: 400, body: { __type: type, message } })

/**
 * The part of AWS KMS's JSON API that we use, on loopback: data keys wrapped with real AES-GCM, bound to their context and master
 * key; over `tls` on localhost. `fault` breaks the next calls; `disable` a master key; `alias` points `alias/erp-chatbot` at another one.
 */
export async function startKmsSimulator(tls?: ServerOptions) {
  const keys = new Map<string, { secret: Buffer; isEnabled: boolean }>()
  const addKey = () => {
    const arn = `${account}:key/${randomBytes(8).toString('hex')}`
    keys.set(arn, { secret: randomBytes(32), isEnabled: true })
    return arn
  }
  const first = addKey()
  const aliases = new Map([['alias/erp-chatbot', first]])
  const calls: string[] = []
  let faults: Fault[] = []

  const find = (id = '') => {
    const arn = aliases.get(id) ?? id
    const key = keys.get(arn)
    return key && { arn, ...key }
  }
  const answers: Record<string, (call: Call) => Reply> = {
    GenerateDataKey({ KeyId, KeySpec, EncryptionContext = {} }) {
      const key = find(KeyId)
      if (!key) return refuse('NotFoundException')
      if (!key.isEnabled) return refuse('DisabledException')
      if (KeySpec !== 'AES_256') return refuse('ValidationException')
      const plain = randomBytes(32)
      const blob = wrap(key.arn, key.secret, plain, EncryptionContext)
      return { status: 200, body: { KeyId: key.arn, Plaintext: plain.toString('base64'), CiphertextBlob: blob } }
    },
    Decrypt({ CiphertextBlob = '', EncryptionContext = {} }) {
      const blob = Buffer.from(CiphertextBlob, 'base64')
      const arn = blob.subarray(1, 1 + (blob[0] ?? 0)).toString()
      const key = find(arn)
      if (!key) return refuse('InvalidCiphertextException')
      if (!key.isEnabled) return refuse('DisabledException')
      try {
        const plain = unwrap(key.secret, blob, EncryptionContext)
        return { status: 200, body: { KeyId: arn, Plaintext: plain.toString('base64') } }
      } catch {
        return refuse('InvalidCiphertextException')
      }
    },
    DescribeKey({ KeyId }) {
      const key = find(KeyId)
      return key
        ? { status: 200, body: { KeyMetadata: { KeyId: key.arn, Arn: key.arn } } }
        : refuse('NotFoundException')
    },
  }

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const name = String(request.headers['x-amz-target']).replace('TrentService.', '')
    calls.push(name)
    const fault = faults.shift()
    if (fault === 'hang') return
    if (fault === 'drop') return void request.socket.destroy()
    if (fault === 'internal') return send(response, { status: 500, body: { __type: 'KMSInternalException' } })
    if (fault === 'throttle') return send(response, refuse('ThrottlingException', 'Rate exceeded'))
    if (!isSigned(request)) return send(response, refuse('IncompleteSignatureException'))
    send(response, answers[name]?.(JSON.parse(await readText(request))) ?? refuse('UnknownOperationException'))
  }
  const server = tls ? createSecureServer(tls, answer) : createServer(answer)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `${tls ? 'https://localhost' : 'http://127.0.0.1'}:${(server.address() as AddressInfo).port}`,
    calls,
    fault: (...next: Fault[]) => {
      faults = next
    },
    disable: (isDisabled = true) => {
      for (const key of keys.values()) key.isEnabled = !isDisabled
    },
    /** A new master key behind the alias; what the old one wrapped still opens. */
    replaceKey: () => void aliases.set('alias/erp-chatbot', addKey()),
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const bound = (arn: string, context: Record<string, string>) =>
  Buffer.from(JSON.stringify([arn, Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1))]))

function wrap(arn: string, secret: Buffer, plain: Buffer, context: Record<string, string>): string {
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', secret, iv).setAAD(bound(arn, context))
  const sealed = Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
  return Buffer.concat([Buffer.from([arn.length]), Buffer.from(arn), sealed]).toString('base64')
}

function unwrap(secret: Buffer, blob: Buffer, context: Record<string, string>): Buffer {
  const end = 1 + (blob[0] ?? 0)
  const arn = blob.subarray(1, end).toString()
  const decipher = createDecipheriv('aes-256-gcm', secret, blob.subarray(end, end + 12))
  decipher.setAAD(bound(arn, context)).setAuthTag(blob.subarray(-16))
  return Buffer.concat([decipher.update(blob.subarray(end + 12, -16)), decipher.final()])
}

const isSigned = ({ headers }: IncomingMessage) =>
  /^AWS4-HMAC-SHA256 Credential=.+\/kms\/aws4_request, ?SignedHeaders=.+, ?Signature=[\da-f]{64}$/.test(
    headers.authorization ?? '',
  )

function send(response: ServerResponse, { status, body }: Reply): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body))
}

async function readText(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) text += chunk
  return text
}
