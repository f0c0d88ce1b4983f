"""Runs on a schedule: https://docs.aws.amazon.com/lambda/latest/dg/with-eventbridge-scheduler.html"""

import logging
import os

logger = logging.getLogger()
logger.setLevel(logging.INFO)


def lambda_handler(event, context):
    task = os.environ.get("TASK_NAME", "nightly-report")
    # "arn:aws:events:us-east-1:123456789012:rule/ExampleRule" → "ExampleRule"
    rule = event["resources"][0].rpartition("/")[2]
    logger.info("Running %s for rule %s", task, rule)
    return {"task": task, "rule": rule, "time": event["time"]}
