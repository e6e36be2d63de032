/**
 * Node's `http`, without what an `import` of it drags along.
 *
 * An import reads every export of the module once, and among those of `http` are the WebSocket
 * classes, which load a whole second HTTP client: 20 ms, and 14 MB of a bare process. Types are
 * imported as ever.
 */
export const { createServer, request } = process.getBuiltinModule('node:http')
