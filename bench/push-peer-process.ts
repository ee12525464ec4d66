import { createServer } from 'node:http2'

// A server that does nothing but answer, in a process of its own: what is measured is who asks. Says where it listens.
const server = createServer({ settings: { maxConcurrentStreams: 100 } })
const token = JSON.stringify({ access_token: 'ya29.bench', expires_in: 3_599, token_type: 'Bearer' })
let count = 0
server.on('stream', (stream, headers) => {
  stream.resume()
  stream.on('end', () => {
    stream.respond({ ':status': 200, 'content-type': 'application/json; charset=UTF-8' })
    count += 1
    stream.end(headers[':path'] === '/token' ? token : `{"name":"projects/bench/messages/${count}"}`)
  })
})
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as { port: number }
  process.stdout.write(`http://127.0.0.1:${port}\n`)
})
