"""Reads what an S3 notification announces: https://docs.aws.amazon.com/lambda/latest/dg/with-s3.html"""

from urllib.parse import unquote_plus


def lambda_handler(event, context):
    objects = [describe(record["s3"]) for record in event["Records"]]
    for found in objects:
        print(f"New object s3://{found['bucket']}/{found['key']} ({found['size']} bytes)")
    return {"objects": objects}


def describe(s3):
    return {
        "bucket": s3["bucket"]["name"],
        # Keys arrive as in a URL: "happy+face.jpg" is "happy face.jpg".
        "key": unquote_plus(s3["object"]["key"]),
        "size": s3["object"].get("size", 0),
    }
