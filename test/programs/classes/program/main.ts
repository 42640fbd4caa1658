import * as pulumi from "@pulumi/pulumi";
import { EventStore } from "./event-store";
import { Greeting } from "./greeting";

const greeting = new Greeting("greeting", { to: "world" });

/** Pulumi awaits what a program exports as a function. */
module.exports = async () => {
  await new Promise((resolve) => setTimeout(resolve, 5));
  const store = new EventStore("store", { index: "greetings", tag: greeting.text });
  return { stream: store.streamName, greeting: pulumi.interpolate`<${greeting.text}>` };
};
