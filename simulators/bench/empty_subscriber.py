"""What paho can receive when nothing is done with it: the measure for the ingest.

`python -m simulators.bench.empty_subscriber PORT MESSAGES` prints "ready", then the time
at which the last of that many messages had come. Acknowledges by hand in batches of 500.
"""

import sys
import threading
import time

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from gateway.messages import topic

BATCH = 500


def main(port: int, messages: int) -> None:
    client = mqtt.Client(CallbackAPIVersion.VERSION2, "empty", protocol=MQTTProtocolVersion.MQTTv5, manual_ack=True)
    mids: list[int] = []
    received = 0
    finished = threading.Event()

    def on_message(client: mqtt.Client, _data: object, message: mqtt.MQTTMessage) -> None:
        nonlocal received
        received += 1
        mids.append(message.mid)
        if len(mids) == BATCH or received == messages:
            for mid in mids:
                client.ack(mid, 1)
            mids.clear()
        if received == messages:
            finished.set()

    client.on_message = on_message
    client.on_subscribe = lambda *_: print("ready", flush=True)
    properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
    properties.ReceiveMaximum = 1000
    client.connect("127.0.0.1", port, properties=properties)
    client.subscribe(topic("+", "readings"), qos=1)
    client.loop_start()
    finished.wait()
    print(time.time(), flush=True)
    client.disconnect()
    client.loop_stop()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
