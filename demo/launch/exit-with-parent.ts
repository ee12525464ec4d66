/** Preloaded into every part: when the launcher is gone, however it went, the part stops too, politely at first. */
process.on('disconnect', () => {
  setTimeout(() => process.exit(1), 10_000).unref()
  if (process.listenerCount('SIGTERM') === 0) process.exit(1)
  process.emit('SIGTERM')
})
// Listening must not keep a part alive that has nothing else left to do.
process.channel?.unref()
