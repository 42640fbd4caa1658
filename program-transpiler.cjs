/**
 * Compiles a file of the program for ts-node, which Pulumi runs programs with (`transpiler` in tsconfig.json), as ts-node does it
 * without: by TypeScript's `transpileModule`. Its answers are kept, so that a preview compiles only what has changed.
 */
const { version } = require("typescript/package.json");
const { compiledOnce } = require("./compiled-files.cjs");

/** An answer that is not kept. */
class Faulty extends Error {
  constructor(output) {
    super();
    this.output = output;
  }
}

/**
 * @param {{ service: { config: { options: import("typescript").CompilerOptions } } }} from ts-node
 * @returns {{ transpile(source: string, from: { fileName: string }): Partial<import("typescript").TranspileOutput> }}
 */
exports.create = ({ service: { config } }) => ({
  transpile(source, { fileName }) {
    const compilerOptions = config.options;
    try {
      const kept = compiledOnce("typescript", [fileName, source, version, compilerOptions], () => {
        const { transpileModule } = require("typescript");
        const output = transpileModule(source, { fileName, compilerOptions, reportDiagnostics: true });
        if (output.diagnostics?.length) throw new Faulty(output);
        return JSON.stringify({ outputText: output.outputText, sourceMapText: output.sourceMapText });
      });
      return JSON.parse(kept);
    } catch (error) {
      // ts-node says where the fault is.
      if (error instanceof Faulty) return error.output;
      throw error;
    }
  },
});
