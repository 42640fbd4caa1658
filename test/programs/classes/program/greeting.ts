import { writeFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";

interface GreetingInputs {
  to: string;
}

class GreetingProvider implements pulumi.dynamic.ResourceProvider {
  async create({ to }: GreetingInputs): Promise<pulumi.dynamic.CreateResult> {
    writeFileSync("created.txt", to);
    return { id: "greeting", outs: { to, text: `hello ${to}` } };
  }
}

export class Greeting extends pulumi.dynamic.Resource {
  public readonly text!: pulumi.Output<string>;

  constructor(name: string, { to }: GreetingInputs) {
    super(new GreetingProvider(), name, { to, text: undefined });
  }
}
