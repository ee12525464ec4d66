import { type ChannelCredentials, type ChannelOptions, type Client, makeGenericClientConstructor } from '@grpc/grpc-js'
import { service as healthService } from 'grpc-health-check'
import { Understanding } from '../../gen/nlu_pb.ts'

const HealthClient = makeGenericClientConstructor(healthService, 'Health')
const deadlineMs = 1000

type HealthCall = Client & {
  check(
    request: { service: string },
    options: { deadline: number },
    done: (error: Error | null, reply?: { status: string }) => void,
  ): void
}

/** Asks a server's `grpc.health.v1` whether it serves understanding. No answer within a second is a no. */
export function createHealthProbe(
  address: string,
  credentials: ChannelCredentials,
  options: ChannelOptions,
): { isServing(): Promise<boolean>; close(): void } {
  const client = new HealthClient(address, credentials, options) as unknown as HealthCall
  let isClosed = false
  return {
    isServing: () =>
      new Promise((resolve) => {
        if (isClosed) return resolve(false)
        client.check({ service: Understanding.typeName }, { deadline: Date.now() + deadlineMs }, (error, reply) =>
          resolve(!error && reply?.status === 'SERVING'),
        )
      }),
    close() {
      isClosed = true
      client.close()
    },
  }
}
