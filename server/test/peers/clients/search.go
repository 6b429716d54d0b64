// Searches with the client that oapi-codegen made: search URL PICTURE
package main

import (
	"bytes"
	"context"
	"fmt"
	"mime/multipart"
	"os"

	"search/lookalike"
)

func main() {
	picture, err := os.ReadFile(os.Args[2])
	check(err)
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("image_file", "a.jpg")
	check(err)
	_, err = part.Write(picture)
	check(err)
	check(form.WriteField("limit", "1"))
	check(form.Close())
	client, err := lookalike.NewClientWithResponses(os.Args[1])
	check(err)
	answer, err := client.SearchSimilarWithBodyWithResponse(context.Background(), form.FormDataContentType(), &body)
	check(err)
	if answer.JSON200 == nil {
		panic(string(answer.Body))
	}
	fmt.Println(answer.JSON200.Results[0].Id)
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
