import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import {
  type ClientDuplexStream,
  credentials,
  makeGenericClientConstructor,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
} from '@grpc/grpc-js'
import {
  AnalysisSchema,
  type AnalyzeRequest,
  AnalyzeRequestSchema,
  type AnalyzeResponse,
  AnalyzeResponseSchema,
  Understanding,
} from '../src/nlu/gen/nlu_pb.ts'
import { toProtoReading, toProtoState } from '../src/nlu/rpc/convert.ts'
import type { UnderstandReply } from '../src/nlu/understanding.ts'

// The peer of the gRPC bench: grpc-js and protobuf-es as anybody would put them together, with the messages of
// Understanding/Analyze and nothing behind them.

const service = {
  analyze: {
    path: `/${Understanding.typeName}/Analyze`,
    requestStream: true,
    responseStream: true,
    requestSerialize: (message: AnalyzeRequest) => Buffer.from(toBinary(AnalyzeRequestSchema, message)),
    requestDeserialize: (bytes: Buffer) => fromBinary(AnalyzeRequestSchema, bytes),
    responseSerialize: (message: AnalyzeResponse) => Buffer.from(toBinary(AnalyzeResponseSchema, message)),
    responseDeserialize: (bytes: Buffer) => fromBinary(AnalyzeResponseSchema, bytes),
  },
}

/** Serves `replies` in turn, whatever is asked. Resolves with its address. */
export function serveEcho(replies: UnderstandReply[]): Promise<string> {
  const analyses = replies.map(({ understanding, state }) =>
    create(AnalysisSchema, {
      reading: toProtoReading(understanding),
      state: toProtoState(state),
      modelVersion: 'echo',
    }),
  )
  const server = new Server()
  let turn = 0
  server.addService(service, {
    analyze: (stream: ServerDuplexStream<AnalyzeRequest, AnalyzeResponse>) => {
      stream.on('error', () => {})
      stream.on('data', ({ requestId }: AnalyzeRequest) => {
        const value = analyses[turn++ % analyses.length]
        if (value) stream.write(create(AnalyzeResponseSchema, { requestId, outcome: { case: 'analysis', value } }))
      })
      stream.on('end', () => stream.end())
    },
  })
  return new Promise((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve(`127.0.0.1:${port}`),
    )
  })
}

export type EchoClient = { ask(request: AnalyzeRequest): Promise<AnalyzeResponse>; close(): void }

/** A client of echo servers: a stream each, taken in turn. */
export function connectEcho(addresses: string[]): EchoClient {
  const Client = makeGenericClientConstructor(service, 'Understanding')
  const waiting = new Map<string, (response: AnalyzeResponse) => void>()
  const links = addresses.map((address) => {
    const client = new Client(address, credentials.createInsecure())
    const stream = (client as unknown as { analyze(): ClientDuplexStream<AnalyzeRequest, AnalyzeResponse> }).analyze()
    stream.on('error', () => {})
    stream.on('data', (response: AnalyzeResponse) => {
      waiting.get(response.requestId)?.(response)
      waiting.delete(response.requestId)
    })
    return { client, stream }
  })
  let turn = 0
  return {
    ask: (request) =>
      new Promise((resolve) => {
        waiting.set(request.requestId, resolve)
        links[turn++ % links.length]?.stream.write(request)
      }),
    close() {
      for (const { client, stream } of links) {
        stream.end()
        client.close()
      }
    },
  }
}
