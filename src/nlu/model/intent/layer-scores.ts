/** out = bias + Σ input[i] · weights[i], over the inputs above zero: a layer behind a ReLU. */
export function addLayer(input: Float32Array, weights: Float32Array, bias: Float32Array, out: Float32Array): void {
  const width = bias.length
  out.set(bias)
  for (let i = 0; i < input.length; i += 1) {
    const value = input[i] as number
    if (value <= 0) continue
    const start = i * width
    for (let j = 0; j < width; j += 1) out[j] = (out[j] as number) + value * (weights[start + j] as number)
  }
}
