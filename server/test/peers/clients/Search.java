import java.io.File;
import org.openapitools.client.ApiClient;
import org.openapitools.client.api.SearchApi;

/** Searches with the client that openapi-generator made: Search URL PICTURE */
class Search {
  public static void main(String[] args) throws Exception {
    var client = new ApiClient();
    client.updateBaseUri(args[0]);
    var answer = new SearchApi(client).searchSimilar(1L, null, null, null, null, new File(args[1]), null);
    System.out.println(answer.getResults().get(0).getId());
  }
}
