export {}

// What the kernels use of WebAssembly: TypeScript keeps its types with the browser's, which a server does not load.
declare global {
  namespace WebAssembly {
    class Memory {
      constructor(size: { initial: number; maximum: number })
      readonly buffer: ArrayBuffer
    }
    class Module {
      constructor(bytes: Uint8Array<ArrayBuffer>)
    }
    class Instance {
      constructor(module: Module, imports: { env: { memory: Memory } })
      readonly exports: Record<string, unknown>
    }
  }
}
